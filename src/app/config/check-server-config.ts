import { describeValue } from "../../common/describe-value.ts";
import { assertServiceOptions } from "../../handler/service-options.ts";
import { forwardedReader } from "../../request/trusted-proxies.ts";
import { parseAddresses } from "../../server/address.ts";
import { DEFAULT_LIMITS } from "../../server/server-limits.ts";
import { type Check, either, flag, oneOf, type Report, section, text, wholeNumber } from "./check-section.ts";
import { type ConfigObject, isPlainObject } from "./config-tree.ts";
import { hideValues } from "./hide-values.ts";
import type { ServerConfig } from "./server-config.ts";

/** What timers take. */
const LONGEST = 2 ** 31 - 1;

const address: Check = (value, path, report) => {
  try {
    parseAddresses(value as never);
  } catch (error) {
    report(path, hideValues((error as Error).message, value));
  }
  return value;
};

const never: Check = (value, path, report) => {
  if (value !== false && value !== "false") {
    report(path, "it is an object, or false.");
  }
  return false;
};

const shutdown = section({ grace: wholeNumber(LONGEST), cleanUp: wholeNumber(LONGEST) });

const tls = section({
  certFile: text,
  keyFile: text,
  pfxFile: text,
  caFile: text,
  passphrase: text,
  requestCert: flag,
  rejectUnauthorized: flag,
  minVersion: oneOf("TLSv1.2", "TLSv1.3"),
  ciphers: text,
});

const trustedProxies: Check = (value, path, report) => {
  try {
    assertServiceOptions({ trustedProxies: value as never });
    // For its complaint about a range: here it is known where that is written.
    forwardedReader(value as never);
  } catch (error) {
    const message = isPlainObject(value)
      ? (error as Error).message
      : `it is an object with peers and header.`;
    report(path, hideValues(message, value));
  }
  return value;
};

/** The layers themselves refuse options that they do not have. */
const middlewares: Check = (value, path, report) => {
  if (!isPlainObject(value)) {
    report(path, `it is an object with a member for each layer, not ${describeValue(value)}.`);
    return value;
  }
  const checked: ConfigObject = {};
  for (const [name, inner] of Object.entries(value)) {
    const at = `${path}.${name}`;
    if (isPlainObject(inner)) {
      checked[name] =
        inner.enable === undefined ? inner : { ...inner, enable: flag(inner.enable, `${at}.enable`, report) };
    } else if (inner === "true" || inner === "false" || typeof inner === "boolean") {
      checked[name] = inner === true || inner === "true";
    } else {
      report(at, `it is true, false or an object of options, not ${describeValue(inner)}.`);
    }
  }
  return checked;
};

const server = section({
  host: text,
  port: wholeNumber(65_535),
  address,
  workers: either(wholeNumber(512), oneOf("auto")),
  http2: flag,
  tls,
  limits: section(
    Object.fromEntries(Object.keys(DEFAULT_LIMITS).map((name) => [name, wholeNumber(LONGEST)])),
  ),
  shutdown: either(shutdown, never),
  unhandledRejections: oneOf("log", "crash"),
  trustedProxies,
  bodyMemoryLimit: wholeNumber(Number.MAX_SAFE_INTEGER, 1),
  asyncContext: flag,
  middlewares,
});

/** The section `server`, with texts converted; everything that is wrong with it is reported. */
export function checkServerConfig(value: unknown, report: Report): ServerConfig {
  return server(value ?? {}, "server", report) as ServerConfig;
}
