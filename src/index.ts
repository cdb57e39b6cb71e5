export { ArganiaError } from "./common/argania-error.ts";
export { DefinitionError, FrozenTreeError, InvalidTreeError } from "./common/definition-error.ts";
export { DrainNotice } from "./common/drain-notice.ts";
export type { HeadersInput } from "./common/light-headers.ts";
export type { MaybePromise } from "./common/maybe-promise.ts";
export type { OneOrMany } from "./common/one-or-many.ts";
export { type Property, PropertyKind } from "./common/property.ts";
export { type Attempt, attempt, optional } from "./data/attempt.ts";
export { type BinaryBodyExtractor, binaryBody } from "./data/binary-body.ts";
export {
  BodyLimitError,
  BodyMemoryError,
  ContentEncodingError,
  UnsupportedMediaTypeError,
} from "./data/body-errors.ts";
export type { BodyExtractor, BodyOptions } from "./data/body-extractor.ts";
export { bodyLimit } from "./data/body-limit.ts";
export type { BytesExtractor } from "./data/bytes-extractor.ts";
export type { SchemaExtractor } from "./data/callable-extractor.ts";
export { type CookieExtractors, cookie } from "./data/cookie.ts";
export { CookiesError, MissingCookieError } from "./data/cookie-errors.ts";
export { type CookiesExtractor, cookies } from "./data/cookies.ts";
export type { Extracted, Extractor, GivingParams } from "./data/extractor.ts";
export {
  HeadersError,
  MissingHeaderError,
  PathParamsError,
  QueryParamsError,
} from "./data/extractor-errors.ts";
export { type Form, type FormBodyExtractor, formBody } from "./data/form-body.ts";
export { FormError, type FormErrorOptions, FormLimitError } from "./data/form-errors.ts";
export { fullBody } from "./data/full-body.ts";
export { header } from "./data/header.ts";
export { type HeaderValues, headers } from "./data/headers.ts";
export { hostParams } from "./data/host-params.ts";
export type { InferRules, InferRulesInput } from "./data/infer-rules.ts";
export { jsonBody } from "./data/json-body.ts";
export { JsonError, type JsonErrorOptions, type TextPosition } from "./data/json-error.ts";
export type { ParamsExtractor, WantingParams } from "./data/params-extractor.ts";
export { pathParams } from "./data/path-params.ts";
export { peer } from "./data/peer.ts";
export { type QueryParams, queryParams } from "./data/query-params.ts";
export type { Rule, RuleChecker, RuleFailure, RuleObject, Rules } from "./data/rule-types.ts";
export { CodeGenerationError, RulesError } from "./data/rules-errors.ts";
export type { Issue, StandardIssue, StandardResult, StandardSchema } from "./data/standard-schema.ts";
export { type TextBodyExtractor, textBody } from "./data/text-body.ts";
export { TextError } from "./data/text-error.ts";
export { UnknownParamError } from "./data/unknown-param.ts";
export { currentContext } from "./handler/current-context.ts";
export type { ExtractingHandler } from "./handler/extracting-handler.ts";
export type { Handler, ResponseHandler } from "./handler/handler.ts";
export { HandlerKind, OptionalHandlerKind } from "./handler/handler-kind.ts";
export {
  _connect,
  _delete,
  _get,
  _head,
  _method,
  _mistargetedRequest,
  _options,
  _patch,
  _post,
  _put,
  _trace,
  _wildcardMethod,
} from "./handler/handler-kinds.ts";
export type { ServiceRequestInit } from "./handler/in-process-request.ts";
export { InvalidLayerError, type Layer, type LayerFunction, type WrappingLayer } from "./handler/layer.ts";
export { consoleLogger, type ErrorReport, type Logger } from "./handler/logger.ts";
export { type HandlerSlot, MethodHandler } from "./handler/method-handler.ts";
export type { NodeDescription } from "./handler/node-description.ts";
export type { NodeListener, NodeListenerOptions } from "./handler/node-listener.ts";
export type { RequestTrace } from "./handler/request-trace.ts";
export type { ExecutionContext } from "./handler/runtime-connection.ts";
export type { Service } from "./handler/service.ts";
export { ServiceOptionError, type ServiceOptions } from "./handler/service-options.ts";
export { Host } from "./host/host.ts";
export { HostRootError } from "./host/host-errors.ts";
export { type ListedRoute, listRoutes } from "./inspect/list-routes.ts";
export { around, type Next, type ReturnsResponse } from "./middleware/around.ts";
export { type ErrorHandler, ErrorHandlerLayer } from "./middleware/error-handler-layer.ts";
export {
  _methodHandler,
  _mistargetedRequestHandler,
  _requestHandler,
  _requestPasser,
  _requestReceiver,
  _wildcardMethodHandler,
  LayerTarget,
  type LayerTargetKind,
} from "./middleware/layer-target.ts";
export { RedirectionLayer } from "./middleware/redirection-layer.ts";
export { RequestExtensionsModifierLayer } from "./middleware/request-extensions-modifier-layer.ts";
export { RequestSignalsLayer } from "./middleware/request-signals-layer.ts";
export { dynStack, identity, stack } from "./middleware/stack.ts";
export { fromExpressPath } from "./pattern/express-path.ts";
export { ExpressPathError } from "./pattern/express-path-error.ts";
export type { HrefOptions, HrefParams } from "./pattern/href.ts";
export { HrefError } from "./pattern/href-error.ts";
export type { HostParamsOf, ParamsOf } from "./pattern/params.ts";
export { PatternError, UnsafeRegexError } from "./pattern/pattern-error.ts";
export type { PatternOptions } from "./pattern/segment-pattern.ts";
export type { SendHook } from "./request/answer-hooks.ts";
export type { Args } from "./request/args.ts";
export { BodyAlreadyReadError } from "./request/body-already-read-error.ts";
export type { CookieAttributes } from "./request/cookies/cookie-attributes.ts";
export { CookieError, MissingCookieKeyError } from "./request/cookies/cookie-errors.ts";
export type { CookieJar } from "./request/cookies/cookie-jar.ts";
export type { SealedCookies } from "./request/cookies/sealed-cookies.ts";
export { ExtensionKey, RequestExtensions } from "./request/extensions.ts";
export { IpRangeError } from "./request/ip-range.ts";
export { type PathParams, RequestContext } from "./request/request-context.ts";
export type { OutcomeHook, RequestOutcome } from "./request/request-outcome.ts";
export type { TrustedProxies } from "./request/trusted-proxies.ts";
export { type AnyResource, Resource } from "./resource/resource.ts";
export {
  AlreadyInTreeError,
  ConflictingResourcesError,
  DuplicateCaptureNameError,
  DuplicateExtensionError,
  DuplicateHandlerError,
  HostWithoutRouterError,
  MismatchingSymbolsError,
  MissingMethodHandlerError,
  RootSubresourceError,
  SecondWildcardError,
  WrongHostError,
  WrongPrefixError,
} from "./resource/resource-errors.ts";
export {
  assertPreconditions,
  type ConditionalRequest,
  type PreconditionOptions,
} from "./response/check-preconditions.ts";
export { ErrorResponse, type ErrorResponseOptions, ResponseError } from "./response/error-response.ts";
export type { HeaderSource } from "./response/header-source.ts";
export {
  html,
  json,
  type RedirectStatus,
  type ResponsePart,
  redirect,
  respond,
  text,
} from "./response/helpers.ts";
export { type IntoResponse, InvalidResponseError, type ResponseLike } from "./response/into-response.ts";
export { type Items, jsonLines, jsonStream } from "./response/json-stream.ts";
export { JsonValueError } from "./response/json-value-error.ts";
export { LightResponse, type LightResponseInit, type Payload } from "./response/light-response.ts";
export { PreconditionFailedError, PreconditionRequiredError } from "./response/precondition-errors.ts";
export type { Validators } from "./response/preconditions.ts";
export type { ResponseContext } from "./response/response-context.ts";
export {
  BadRequestError,
  HandlerTimeoutError,
  NotAllowedMethodError,
  NotFoundResourceError,
} from "./response/routing-errors.ts";
export { StatusCode } from "./response/status-code.ts";
export { withTrailers } from "./response/trailers.ts";
export type { TrailerValue } from "./response/trailing-body.ts";
export { Router, RouterLayerError } from "./router/router.ts";
export type { Address, BoundAddress } from "./server/address.ts";
export { Server } from "./server/server.ts";
export { AddressError, type FailedAddress, ServeError, ServerOptionError } from "./server/server-errors.ts";
export type { ServerHandle } from "./server/server-handle.ts";
export type { ServerLimits } from "./server/server-limits.ts";
export type { UnhandledRejections } from "./server/server-settings.ts";
export type { TlsFile, TlsOptions } from "./server/tls-options.ts";
export {
  type RequestException,
  type RequestFinished,
  RequestSignals,
  type RequestStarted,
  requestException,
  requestFinished,
  requestSignals,
  requestStarted,
} from "./signals/request-signals.ts";
export { type Receiver, type ReceiverId, Signal, SignalReceiverError } from "./signals/signal.ts";
