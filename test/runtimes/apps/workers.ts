import { root } from "./features.ts";

const service = root.intoService();
export default { fetch: service.fetch };
