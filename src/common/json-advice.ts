/** @internal What an object of ours, of which JSON would leave nothing, has to be sent in its place says under this name. */
export const jsonAdvice: unique symbol = Symbol("jsonAdvice");
