import { around, type IntoResponse } from "argania";

// Of what is not typed nobody knows that it is nothing: it is looked at when it is returned.
const untyped = JSON.parse("null"); // any
around(() => untyped);
around(async () => untyped);
around((context, next) => (context.method === "GET" ? next() : untyped));
declare const typed: IntoResponse;
around(() => typed);

// @ts-expect-error what is known to be nothing is refused
around(() => {});
// @ts-expect-error so is a promise of nothing
around(async () => {});
