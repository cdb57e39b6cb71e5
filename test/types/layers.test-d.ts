import {
  type Args,
  around,
  type ErrorHandler,
  ErrorHandlerLayer,
  type Handler,
  json,
  type RequestContext,
} from "argania";
import { assertType, type Equal } from "./expect-type.ts";

// A layer that forgets to return hides every response.
// @ts-expect-error
around(async (_context, next) => {
  await next();
});
// @ts-expect-error
around((_context, next) => {
  next();
});
// On one path, too: that compiles without noImplicitReturns.
// @ts-expect-error
around(async (context, next) => {
  if (context.method !== "GET") {
    return next();
  }
  await next();
});
// @ts-expect-error
around((context, next) => (context.method === "GET" ? next() : undefined));
// @ts-expect-error
around(async (): Promise<Response | void> => {});
around((context, next) => (context.path === "/" ? next() : "text"));
around(async (context, next) => (context.path === "/" ? next() : null));
// Of these nothing is known.
declare const outside: Handler;
around((context, _next, args) => outside(context, args));
around((_context, next) => JSON.parse("7") ?? next());
// The author says what is known of the place.
around((context: RequestContext<{ id: string }>, next, args: Args<{ name: string }, number>) => {
  assertType<Equal<typeof context.params.id, string>>();
  assertType<Equal<typeof args.nodeExtension.name, string>>();
  assertType<Equal<typeof args.handlerExtension, number>>();
  // @ts-expect-error
  context.params.other;
  return next();
});
around(() => {
  throw new Error("always");
});
// An error handler that returns nothing would make an empty 200 of every error.
// @ts-expect-error
new ErrorHandlerLayer((error) => {
  console.error(error);
});
// @ts-expect-error
new ErrorHandlerLayer(async (error) => {
  console.error(error);
});
// @ts-expect-error
new ErrorHandlerLayer((error) => (error instanceof RangeError ? "too far" : undefined));
new ErrorHandlerLayer((error, context) => {
  if (error instanceof RangeError) {
    return json({ path: context.path }, 400);
  }
  throw error;
});
new ErrorHandlerLayer(async () => null);
new ErrorHandlerLayer((error) => {
  throw error;
});
declare const handleError: ErrorHandler;
new ErrorHandlerLayer(handleError);
const kept: ErrorHandlerLayer = new ErrorHandlerLayer(() => 500);
kept.wrap;
