// Required when it is needed, so that a missing pino can be told in words of our own. CommonJS, since only its `require` is
// synchronous and followed by bundlers, too.
module.exports = () => require("pino");
