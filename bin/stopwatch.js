// The global `performance` loads ten parts of Node when it is first read, which React and Ink do for one number. The build
// puts this in its place.
export const performance = {
  now: () => {
    const [seconds, nanoseconds] = process.hrtime();
    return seconds * 1e3 + nanoseconds / 1e6;
  },
};
