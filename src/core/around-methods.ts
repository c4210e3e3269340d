/** The same object, but that every call of one of its methods goes through `around`. */
export function aroundMethods<Target extends object>(
  target: Target,
  around: (call: () => unknown) => unknown,
): Target {
  return new Proxy(target, {
    get(of, name) {
      const method: unknown = Reflect.get(of, name, of);
      if (typeof method !== 'function') return method;
      return (...args: readonly unknown[]) => around(() => Reflect.apply(method, of, args));
    },
  });
}
