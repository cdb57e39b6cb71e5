import type { ServerConfig } from "./config/server-config.ts";

/** What a configuration may be. With `object` it is no weak type, which other sections alone would not fit. */
export type AnyConfig = object & { readonly server?: ServerConfig };

/** Stands where the section `server` has a name that it does not know. A type `never` would not say why. */
export interface NoServerOption {
  readonly "is no option of the section server": never;
}

/** Stands where `server.middlewares` has a name that is none of the app's `middlewares`. */
export interface NoMiddleware {
  readonly "is none of the middlewares of the app": never;
}

/** Stands where a layer in `server.middlewares` has an option that the function that makes it does not know. */
export interface NoMiddlewareOption {
  readonly "is no option of this middleware": never;
}

/** What the section `server` has besides Argania's options. A literal shall have nothing, as at run time. */
export type CheckedServer<Config extends AnyConfig, Layers extends object> = ServerConfig & {
  readonly [Name in Exclude<keyof NonNullable<Config["server"]>, keyof ServerConfig>]: NoServerOption;
} & { readonly middlewares?: CheckedMiddlewares<SectionOf<Config>, Layers> };

type SectionOf<Config extends AnyConfig> = NonNullable<NonNullable<Config["server"]>["middlewares"]>;

/** The names of an object, or of any one of a union. */
type NamesOf<T> = T extends object ? keyof T : never;

/**
 * Only where all names are known: not those of a file, and not those of an app that says nothing of its layers, or says
 * its type arguments itself. Boot refuses what is wrong there.
 */
type CheckedMiddlewares<Section, Layers extends object> = [NamesOf<Layers>] extends [never]
  ? unknown
  : string extends NamesOf<Section> | NamesOf<Layers>
    ? unknown
    : {
        readonly [Name in NamesOf<Section>]?: Name extends NamesOf<Layers>
          ? CheckedOptions<MemberOf<Section, Name>, OptionsOf<MemberOf<Layers, Name>>>
          : NoMiddleware;
      };

type MemberOf<T, Name> = T extends { readonly [N in Name & PropertyKey]?: infer Member } ? Member : never;

type OptionsOf<Factory> = Factory extends (options: infer Options, ...others: never) => unknown
  ? Options
  : never;

/** A function that says nothing of its options takes any. Not one type with `boolean`: an error would not point at the name. */
type CheckedOptions<Given, Options> = [NamesOf<Options>] extends [never]
  ? unknown
  : string extends NamesOf<Given> | NamesOf<Options>
    ? unknown
    : Given extends object
      ? { readonly [Name in Exclude<keyof Given, NamesOf<Options> | "enable">]?: NoMiddlewareOption }
      : Given;
