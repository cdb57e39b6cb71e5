import { _requestReceiver, Resource } from "argania";
import { SecurityHeadersLayer, type SecurityHeadersOptions } from "argania/middleware";
import { describe, expect, test } from "vitest";

const refused = (options: unknown, message: RegExp) => {
  expect(() => new SecurityHeadersLayer(options as never)).toThrow(message);
};

test.each<[unknown, RegExp]>([
  [null, /object of options/],
  [{ csp: {} }, /no option "csp"/],
  [{ contentSecurityPolicy: [] }, /object of options/],
  [{ contentSecurityPolicyReportOnly: true }, /object of options/],
  [{ crossOriginEmbedderPolicy: true }, /one of .* not a boolean/],
  [{ permissionsPolicy: true }, /an object or false, not a boolean/],
  [{ reportingEndpoints: true }, /an object or false, not a boolean/],
  [{ contentSecurityPolicy: { "default-src": ["'self'"] } }, /no option "default-src"/],
  [{ contentSecurityPolicy: { useDefaults: 1 } }, /useDefaults .* true or false/],
  [{ contentSecurityPolicy: { useDefaults: false } }, /no directives: write false/],
  [{ crossOriginOpenerPolicy: "same-site" }, /one of "same-origin", .*false, not "same-site"/],
  [{ crossOriginResourcePolicy: 7 }, /one of .* not a number/],
  [{ crossOriginEmbedderPolicy: "require-corp\r\nX: y" }, /one of/],
  [{ originAgentCluster: "?1" }, /true or false, not a string/],
  [{ referrerPolicy: "none" }, /one or a list of no-referrer/],
  [{ referrerPolicy: [] }, /one or a list/],
  [{ referrerPolicy: ["no-referrer, unsafe-url"] }, /one or a list/],
  [{ contentTypeOptions: "nosniff" }, /true or false/],
  [{ frameOptions: "ALLOW-FROM https://a.example" }, /one of "SAMEORIGIN", "DENY", false/],
  [{ dnsPrefetchControl: null }, /one of "off", "on", false, not null/],
  [{ strictTransportSecurity: "true" }, /object of options/],
  [{ strictTransportSecurity: { maxage: 1 } }, /no option "maxage"/],
  [{ strictTransportSecurity: { maxAge: -1 } }, /whole number/],
  [{ strictTransportSecurity: { maxAge: "1; x" } }, /a number, not a string/],
  [{ strictTransportSecurity: { preload: true, maxAge: 600 } }, /preload .* a year/],
  [{ strictTransportSecurity: { preload: true, includeSubDomains: false } }, /preload .* includeSubDomains/],
  [{ permissionsPolicy: ["camera"] }, /an object or false, not an array/],
  [{ permissionsPolicy: { Camera: [] } }, /no name of a feature/],
  [{ permissionsPolicy: { "camera=*, x": [] } }, /no name of a feature/],
  [{ permissionsPolicy: { camera: "self" } }, /a list or "\*", not a string/],
  [{ permissionsPolicy: { camera: ["'self'"] } }, /write "self"/],
  [{ permissionsPolicy: { camera: ['https://a.example"), x=("'] } }, /write "self"/],
  [{ permissionsPolicy: { camera: ["https://a.example/path"] } }, /write "self"/],
  [{ permissionsPolicy: { camera: [7] } }, /has a number/],
  [{ reportingEndpoints: { CSP: "/x" } }, /in lower case/],
  [{ reportingEndpoints: { csp: "http://a.example/" } }, /is a URL/],
  [{ reportingEndpoints: { csp: '/x", y="/z' } }, /is a URL/],
  [{ reportingEndpoints: { csp: "/x\r\n" } }, /is a URL/],
  [{ reportingEndpoints: { csp: 7 } }, /is a URL .* not a number/],
  [
    { reportingEndpoints: { a: "/x" }, contentSecurityPolicy: { directives: { "report-to": "b" } } },
    /none of the reportingEndpoints/,
  ],
])("refuses %j: %s", (options, message) => {
  refused(options, message);
});

test("true is the default of each header that has one: it can be switched on over a false", async () => {
  const headersWith = async (options: SecurityHeadersOptions) => {
    const root = new Resource("/").addLayerTo(_requestReceiver(new SecurityHeadersLayer(options)));
    return Object.fromEntries((await root.intoService().request("https://example.com/")).headers);
  };
  const names = [
    "contentSecurityPolicy",
    "crossOriginOpenerPolicy",
    "crossOriginResourcePolicy",
    "originAgentCluster",
    "referrerPolicy",
    "strictTransportSecurity",
    "contentTypeOptions",
    "dnsPrefetchControl",
    "frameOptions",
    "permittedCrossDomainPolicies",
  ] as const;
  const off: SecurityHeadersOptions = Object.fromEntries(names.map((name) => [name, false]));
  const on: SecurityHeadersOptions = Object.fromEntries(names.map((name) => [name, true]));
  const preset = await headersWith({});
  expect(
    Object.keys(preset).filter((name) => !(name in { "content-length": 1, "content-type": 1, vary: 1 })),
  ).toHaveLength(names.length);
  expect(await headersWith({ ...off, ...on })).toEqual(preset);
});

describe("directives", () => {
  const policy = (directives: unknown) => ({ contentSecurityPolicy: { directives } });

  test.each<[unknown, RegExp]>([
    [[], /object of options/],
    [{ scriptSrc: ["'self'"] }, /no option "scriptSrc".*script-src/],
    [{ "script-source": ["'self'"] }, /no option "script-source"/],
    [{ __proto__: null, constructor: ["'self'"] }, /no option "constructor"/],
    [{ "script-src": "'self'" }, /is a list, not a string/],
    [{ "script-src": true }, /takes a list/],
    [{ "script-src": ["self"] }, /write "'self'"/],
    [{ "script-src": ["none"] }, /write "'none'"/],
    [{ "script-src": ["nonce"] }, /write "'nonce'"/],
    [{ "script-src": ["nonce-abc"] }, /write "'nonce-abc'"/],
    [{ "script-src": ["sha256-abc"] }, /write "'sha256-abc'"/],
    [{ "script-src": ["'nonce-abc'"] }, /stays the same protects nothing/],
    [{ "script-src": ["'unsafe-inlin'"] }, /no such keyword/],
    [{ "script-src": ["'sha256-a b'"] }, /no spaces/],
    [{ "script-src": ["'self'; object-src *"] }, /no spaces, semicolons/],
    [{ "script-src": ["https://a.example;object-src"] }, /semicolons/],
    [{ "script-src": ["https://a.example,b"] }, /commas/],
    [{ "script-src": ["https://a.example\r\nX: y"] }, /line breaks/],
    [{ "script-src": ["https://b\u00fccher.example"] }, /ASCII/],
    [{ "script-src": [""] }, /a source has/],
    [{ "script-src": [7] }, /a number, where there are only strings/],
    [{ "script-src": ["'none'", "https://a.example"] }, /'none' beside others/],
    [{ "img-src": ["'nonce'"] }, /not for img-src/],
    [{ "script-src-attr": ["'nonce'"] }, /not for script-src-attr/],
    [{ "upgrade-insecure-requests": ["'self'"] }, /true or false/],
    [{ "upgrade-insecure-requests": "yes" }, /true or false/],
    [{ sandbox: ["allow-scripts; x"] }, /no name/],
    [{ "report-to": ["csp"] }, /name of one of the reportingEndpoints/],
    [{ "report-to": "a b" }, /name of one of the reportingEndpoints/],
    [{ "report-uri": [] }, /is empty/],
    [{ "report-uri": ["/a /b"] }, /no spaces/],
    [{ "trusted-types": ["a;b"] }, /no name/],
  ])("%j: %s", (directives, message) => {
    refused(policy(directives), message);
  });
});
