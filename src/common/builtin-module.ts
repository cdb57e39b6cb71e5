interface ProcessLike {
  getBuiltinModule?(name: string): unknown;
}

/**
 * A module of Node, or of a runtime that has it too; `undefined` where there is none. An `import` would keep the package
 * from loading there, and costs time where the module is not used.
 */
export function builtinModule<T>(name: string): T | undefined {
  const { process } = globalThis as { readonly process?: ProcessLike };
  return process?.getBuiltinModule?.(name) as T | undefined;
}
