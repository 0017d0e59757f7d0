import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

/** Typed search attributes, so that the Temporal UI and our own lists can filter runs. */
export const TENANT_ATTRIBUTE = defineSearchAttributeKey('DockerAutoTenant', SearchAttributeType.KEYWORD);
export const HOST_ATTRIBUTE = defineSearchAttributeKey('DockerAutoHost', SearchAttributeType.KEYWORD);
export const CONTAINER_ATTRIBUTE = defineSearchAttributeKey('DockerAutoContainer', SearchAttributeType.KEYWORD);
export const OUTCOME_ATTRIBUTE = defineSearchAttributeKey('DockerAutoOutcome', SearchAttributeType.KEYWORD);

/** What a namespace must know before a workflow starts there: name → type as the server's command line spells it. */
export const SEARCH_ATTRIBUTES: Readonly<Record<string, 'Keyword'>> = {
  [TENANT_ATTRIBUTE.name]: 'Keyword',
  [HOST_ATTRIBUTE.name]: 'Keyword',
  [CONTAINER_ATTRIBUTE.name]: 'Keyword',
  [OUTCOME_ATTRIBUTE.name]: 'Keyword',
};
