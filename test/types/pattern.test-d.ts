import type { HrefParams } from "../../src/pattern/href.ts";
import type { HostParamsOf, ParamsOf } from "../../src/pattern/params.ts";

/** Exact equality, modifiers included, which mutual assignability would not tell. */
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

declare function expectType<T extends true>(): T;

// Without captures
expectType<Equal<keyof ParamsOf<"/">, never>>();
expectType<Equal<keyof ParamsOf<"/users/ *">, never>>();
expectType<Equal<keyof ParamsOf<"/{{x}}/}}{{">, never>>();

// Each kind of capture
expectType<Equal<ParamsOf<"/users/{id}">, { readonly id: string }>>();
expectType<Equal<ParamsOf<"/{name}.{ext}">, { readonly name: string; readonly ext: string }>>();
expectType<
  Equal<ParamsOf<"/id:{prefix:A|B}{num:\\d{5}}">, { readonly prefix: string; readonly num: string }>
>();
expectType<Equal<ParamsOf<"/{brand:.+} ({model:.+})">, { readonly brand: string; readonly model: string }>>();
expectType<Equal<ParamsOf<"/{time:\\d+:\\d+}/{b}">, { readonly time: string; readonly b: string }>>();

// Prefixes, hosts, slashes and symbols
expectType<Equal<ParamsOf<"/a/{b}/c/{d}/ !*">, { readonly b: string; readonly d: string }>>();
expectType<
  Equal<
    ParamsOf<"http://{lang:en|fr}.example.com/{page} ?">,
    { readonly lang: string; readonly page: string }
  >
>();
expectType<Equal<ParamsOf<"http:///{a}">, { readonly a: string }>>();

// Braces that are literal
expectType<Equal<ParamsOf<"/{{static-{a:p}}}">, { readonly a: string }>>();
expectType<Equal<ParamsOf<"/{{{a:p}-static}}/{b}">, { readonly a: string; readonly b: string }>>();
expectType<Equal<ParamsOf<"/{{no:x}}{a}.{{/{b}">, { readonly a: string; readonly b: string }>>();

// Braces within regexes
expectType<Equal<ParamsOf<"/{n:\\d{5}}/{m}">, { readonly n: string; readonly m: string }>>();
expectType<Equal<ParamsOf<"/{a:x{1,2}y{3}}{b:(z{4}){5}}">, { readonly a: string; readonly b: string }>>();
expectType<
  Equal<ParamsOf<"/{a:[{}]}/{b:[^}{]+}/{c}">, { readonly a: string; readonly b: string; readonly c: string }>
>();
expectType<Equal<ParamsOf<"/{a:\\{}/{b:\\}x}/{c:\\\\}/{d}">, Strings<"a" | "b" | "c" | "d">>>();
expectType<Equal<ParamsOf<"/{a:[]}]}/{b:[^]}]}/{c:[\\]}]}/{d}">, Strings<"a" | "b" | "c" | "d">>>();
expectType<
  Equal<ParamsOf<"/{a:(\\d{4})-(\\d{2})-(\\d{2})}/{b}">, { readonly a: string; readonly b: string }>
>();

// Malformed patterns are refused at run time: their type only must not get in the way
expectType<Equal<ParamsOf<"/{a}/{b">, { readonly a: string }>>();
expectType<Equal<ParamsOf<"/{a}/{b:[}\\">, { readonly a: string; readonly b: string }>>();
expectType<Equal<ParamsOf<"/{a}/{b:\\}\\">, { readonly a: string; readonly b: string }>>();
expectType<Equal<ParamsOf<"/{a}/{b:{}">, { readonly a: string; readonly b: string }>>();

// Unknown patterns
expectType<Equal<ParamsOf<string>, Readonly<Record<string, string>>>>();
expectType<Equal<ParamsOf<`/${string}/{id}`>, Readonly<Record<string, string>>>>();
expectType<Equal<ParamsOf<"/{a}" | "/{b}">, { readonly a: string } | { readonly b: string }>>();

// Long patterns: 20 segments, and a regex of 300 characters
type Ten = "/{a0}/s/{a1}/s/{a2}/s/{a3}/s/{a4}/s/{a5}/s/{a6}/s/{a7}/s/{a8}/s/{a9}";
type OtherTen = "/{b0:\\d{2}}/{b1:x}/{b2}/{b3}/{b4}/{b5}/{b6}/{b7}/{b8}/{b9:[{}]}";
expectType<
  Equal<keyof ParamsOf<`${Ten}${OtherTen} *`>, `${"a" | "b"}${0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9}`>
>();
type Fifty = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0";
expectType<
  Equal<ParamsOf<`/{id:${Fifty}]${Fifty}]${Fifty}]${Fifty}]${Fifty}]${Fifty}]x}/{b}`>, Strings<"id" | "b">>
>();

// Hosts
expectType<Equal<HostParamsOf<"{tenant}.example.com">, { readonly tenant: string }>>();
expectType<Equal<HostParamsOf<"https://{tenant:a{2}}.example.com/">, { readonly tenant: string }>>();
expectType<Equal<HostParamsOf<"http://{t}.example.com/users/{id} *">, { readonly t: string }>>();
expectType<Equal<HostParamsOf<"http://{t}.example.com">, { readonly t: string }>>();
expectType<Equal<keyof HostParamsOf<"/users/{id}">, never>>();
expectType<Equal<HostParamsOf<string>, Readonly<Record<string, string>>>>();

// In use
declare const params: ParamsOf<"/users/{id}/posts/{post}">;
params.id satisfies string;
// @ts-expect-error there is no such param
params.name;
// @ts-expect-error params are read-only
params.id = "1";

declare function href(params: HrefParams<ParamsOf<"/users/{id}/{flag}">>): string;
href({ id: 1, flag: true });
href({ id: 1n, flag: "x" });
// @ts-expect-error a param is missing
href({ id: 1 });
// @ts-expect-error there is no such param
href({ id: 1, flag: "x", name: "y" });
// @ts-expect-error an object is no value
href({ id: {}, flag: "x" });

type Strings<Names extends string> = { readonly [Name in Names]: string };

// The short way and the long way of reading a pattern agree
expectType<Equal<ParamsOf<"/{a}/{b}/{c}.{d}">, Strings<"a" | "b" | "c" | "d">>>();
expectType<Equal<ParamsOf<"/{a}/{b}/{c:x{2}}/{d}">, Strings<"a" | "b" | "c" | "d">>>();
expectType<Equal<ParamsOf<"/{a}/{b}/{{x}}/{c}">, Strings<"a" | "b" | "c">>>();
expectType<Equal<ParamsOf<"/{a}/{b}/{c">, Strings<"a" | "b">>>();
expectType<Equal<ParamsOf<"/x}}/{a}/{b}}}">, Strings<"a" | "b">>>();
