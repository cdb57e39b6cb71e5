export { ConditionalRequestsLayer, type ConditionalRequestsOptions } from "./conditional-requests-layer.ts";
