import type { Form, HeaderValues, QueryParams } from "argania";
import { assertType, type Equal } from "./expect-type.ts";

// A client may leave anything out, also for users without noUncheckedIndexedAccess.
type Fields = Readonly<Partial<Record<string, string | readonly string[]>>>;
assertType<Equal<QueryParams, Fields>>();
assertType<Equal<Form, Fields>>();
assertType<Equal<HeaderValues, Readonly<Partial<Record<string, string>>>>>();
