import {
  _get,
  _requestReceiver,
  ExtensionKey,
  NotFoundResourceError,
  RequestExtensionsModifierLayer,
  Resource,
  text,
} from "argania";

interface Tenant {
  readonly name: string;
  readonly greeting: string;
}

const TENANTS: ReadonlyMap<string, Tenant> = new Map([
  ["acme", { name: "Acme", greeting: "Welcome" }],
  ["globex", { name: "Globex", greeting: "Bienvenue" }],
]);

const tenantKey = new ExtensionKey<Tenant>("tenant");

/** Finds the tenant once for everything below it. A tenant that does not exist has no resources. */
const findTenant = new RequestExtensionsModifierLayer((extensions, { params }) => {
  const tenant = TENANTS.get(params.tenant ?? "");
  if (tenant === undefined) {
    throw new NotFoundResourceError("There is no such tenant.");
  }
  extensions.set(tenantKey, tenant);
});

/** The tree of `{tenant}.localhost`. A pattern with a host types the params of the host, too. */
export function buildTenantSite(): Resource<"http://{tenant:[a-z0-9-]+}.localhost/"> {
  const root = new Resource("http://{tenant:[a-z0-9-]+}.localhost/");
  root.addLayerTo(_requestReceiver(findTenant));
  root.setHandlerFor(
    _get.to(({ extensions, params }) => {
      const { name, greeting } = extensions.getOrThrow(tenantKey);
      return text(`${greeting} to ${name} (${params.tenant}).\n`);
    }),
  );
  root
    .subresource("/hello/{guest}")
    .setHandlerFor(
      _get.to(({ extensions, params }) =>
        text(`${extensions.getOrThrow(tenantKey).greeting}, ${params.guest}.\n`),
      ),
    );
  // The subtree handler: it answers for every path below /shelves that is no resource of its own.
  root
    .subresource("/shelves *")
    .setHandlerFor(
      _get.to(({ subtreeSegments }) => text(`${["Shelves", ...subtreeSegments].join(" > ")}\n`)),
    );
  return root;
}
