/** What was attached to the tree for a handler, beside the request itself. */
export interface Args<NodeExtension = unknown, HandlerExtension = unknown> {
  /** The value given to `setExtension` of this resource or of the nearest node above it. */
  readonly nodeExtension: NodeExtension;
  /** The value given to `withExtension` of this handler. */
  readonly handlerExtension: HandlerExtension;
}
