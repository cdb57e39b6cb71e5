export { type AcceptingRequest, accepts, acceptsEncodings, acceptsLanguages } from "./accepts.ts";
export { negotiate, type Representation } from "./negotiate.ts";
export { NotAcceptableError } from "./not-acceptable-error.ts";
