import { loadConfig } from "argania/app";
import { expect, test } from "vitest";
import { folderWith } from "./config-folder.ts";

const START = "SHOP__SERVER__MIDDLEWARES__";
const layersWith = async (defaults: unknown, variables: Record<string, string>) => {
  const env = Object.fromEntries(Object.entries(variables).map(([name, text]) => [`${START}${name}`, text]));
  const files = { "default.json": JSON.stringify({ server: { middlewares: defaults } }) };
  const config = await loadConfig({ dir: folderWith(files), environment: "test", envPrefix: "SHOP", env });
  return config.server.middlewares;
};

test.each([
  [{ compression: true }, { COMPRESSION__ENABLE: "false" }, { compression: { enable: false } }],
  [{ compression: false }, { COMPRESSION__ENABLE: "true" }, { compression: { enable: true } }],
  [
    { requestId: true, cors: true },
    { REQUEST_ID__ENABLE: "false" },
    { requestId: { enable: false }, cors: true },
  ],
  [{}, { COMPRESSION__ENABLE: "true" }, { compression: { enable: true } }],
  [{}, { COMPRESSION: "true", COMPRESSION__ENABLE: "false" }, { compression: { enable: false } }],
  // One option more does not switch on what is off.
  [{ timeout: false }, { TIMEOUT__STATUS: "504" }, { timeout: { enable: false, status: "504" } }],
  [{ csrf: true }, { CSRF: "false" }, { csrf: false }],
])("of the layers %j, the variables %j make %j", async (defaults, variables, layers) => {
  expect(await layersWith(defaults, variables)).toEqual(layers);
});

test("what is wrong names the variable, and no value inside of options is an object", async () => {
  await expect(layersWith({ csrf: true }, { CSRF__ENABLE: "no" })).rejects.toThrow(
    /server\.middlewares\.csrf\.enable \(SHOP__.*CSRF__ENABLE\): this must be true or false, since it replaces/,
  );
  await expect(layersWith({ csrf: { enable: true } }, { CSRF__ENABLE__X: "1" })).rejects.toThrow(/no object/);
});
