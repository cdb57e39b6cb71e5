import { _get, type Extractor, type RequestContext } from "argania";
import {
  type CookieSession,
  defineSession,
  MemorySessionStore,
  type Session,
  SessionLayer,
  type StoredSession,
} from "argania/middleware";
import { z } from "zod";
import { assertType, type Equal } from "./expect-type.ts";

interface Data {
  userId: string;
  cart: { id: number; notes?: string[] }[];
  theme?: "light" | "dark";
}

declare const context: RequestContext;

const whole = defineSession<Data>({ idleTimeout: 60 });
assertType<Equal<typeof whole, CookieSession<Data>>>();
assertType<Equal<ReturnType<typeof whole.of>, Session<Data>>>();
new SessionLayer(whole);

const current = whole.of(context);
assertType<Equal<ReturnType<typeof current.toJSON>, Partial<Data>>>();
const userId = current.get("userId");
assertType<Equal<typeof userId, string | undefined>>();
const theme = current.take("theme");
assertType<Equal<typeof theme, "light" | "dark" | undefined>>();
current.set("userId", "7").set("theme", "dark").delete("cart").regenerate().destroy();
// @ts-expect-error a name that there is not
current.get("user");
// @ts-expect-error a value of another type
current.set("userId", 7);
// @ts-expect-error a value that there is not
current.set("theme", "blue");
// @ts-expect-error a name that there is not
current.delete("user");

_get.to([whole], (session) => {
  assertType<Equal<typeof session, Session<Data>>>();
  return null;
});
const extractor: Extractor<Session<Data>, object> = whole;
void extractor;

const stored = defineSession<Data>({ store: new MemorySessionStore() });
assertType<Equal<typeof stored, StoredSession<Data>>>();
assertType<Equal<ReturnType<typeof stored.of>, Promise<Session<Data>>>>();
_get.to([stored], (session) => {
  assertType<Equal<typeof session, Session<Data>>>();
  return null;
});
new SessionLayer(stored);

const chosen = defineSession<Data>({
  store: (context) => {
    assertType<Equal<typeof context, RequestContext<object>>>();
    return new MemorySessionStore();
  },
});
assertType<Equal<typeof chosen, StoredSession<Data>>>();
// @ts-expect-error no store
defineSession<Data>({ store: () => ({ load: () => null }) });
// @ts-expect-error a promise: stores are opened before the first request
defineSession<Data>({ store: async () => new MemorySessionStore() });

const schema = z.object({ visits: z.coerce.number().default(0), at: z.coerce.date().optional() });
const checked = defineSession({ schema });
assertType<Equal<typeof checked, CookieSession<{ visits: number; at?: Date | undefined }>>>();
const checkedStored = defineSession({ schema, store: new MemorySessionStore() });
assertType<Equal<typeof checkedStored, StoredSession<{ visits: number; at?: Date | undefined }>>>();

const loose = defineSession();
const value = loose.of(context).get("anything");
assertType<Equal<typeof value, unknown>>();

// What JSON does not give back as it was.
// @ts-expect-error a date
defineSession<{ at: Date }>();
// @ts-expect-error a map
defineSession<{ cart: Map<string, number> }>();
// @ts-expect-error a function
defineSession<{ log: () => void }>();
// @ts-expect-error a bigint, deep inside
defineSession<{ cart: { id: bigint }[] }>();
// @ts-expect-error an option that there is not
defineSession<Data>({ maxAge: 60 });

// Whatever JSON can be is what a session can hold, and takes no end to check.
type Json = string | number | boolean | null | Json[] | { [name: string]: Json };
type ReadonlyJson =
  | string
  | number
  | boolean
  | null
  | readonly ReadonlyJson[]
  | { readonly [name: string]: ReadonlyJson };
interface Branch {
  children: Branch[];
}
const anyJson = defineSession<{
  json: Json;
  fixed: ReadonlyJson;
  tree: Branch;
  pair: [string, number?];
  rows: string[][];
}>();
assertType<
  Equal<
    ReturnType<ReturnType<typeof anyJson.of>["get"]>,
    Json | ReadonlyJson | Branch | [string, number?] | string[][] | undefined
  >
>();
// @ts-expect-error a date comes back as text, in a list, too
defineSession<{ dates: Date[] }>();
// @ts-expect-error and in a tuple
defineSession<{ pair: [string, Date] }>();
