// Node 20 has no Promise.withResolvers, which PostGraphile 5.1 calls.
Promise.withResolvers ??= function withResolvers() {
  const made = {};
  made.promise = new this((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
};
