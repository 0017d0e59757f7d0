// CommonJS, because the worker's own loader and the workflow bundler both take it by path.
const { DefaultFailureConverter } = require('@temporalio/common');

/** Failure messages are encrypted as well: an engine's message may quote what it was asked to do. */
exports.failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
