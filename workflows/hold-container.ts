import { condition } from '@temporalio/workflow';

/**
 * Holds a container's lock while another's update makes it again. It runs under that container's own update id, so no
 * update of its own can begin meanwhile; its memo names the update that holds it. It ends with its parent.
 */
export async function holdContainer(): Promise<void> {
  await condition(() => false);
}
