/** The key that the saved histories are sealed with. It protects nothing: it is as public as they are. */
export const REPLAY_ENCRYPTION_KEY = 'replay:ZG9ja2VyLWF1dG8tdGVzdC1yZXBsYXkta2V5LTAwMDE=';
