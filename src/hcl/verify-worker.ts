/*
 * The judge's thread. Node 20 cannot load TypeScript in a thread, so from sources this file is evaluated
 * as it stands: it must remain plain JavaScript, without static imports and type annotations.
 */
void import('node:worker_threads').then(async ({ parentPort, workerData }) => {
  // A dying runtime prints its stack to the process's own streams, which belong to the report.
  Object.assign((await import('node:fs')).default, { writeSync: () => 0 });
  // A bundler follows the bare name; evaluated source has no place to resolve it from and is told the file.
  const library = await (workerData?.library ? import(workerData.library) : import('@cdktf/hcl2json'));
  const parse = library.parse ?? library.default.parse;
  parentPort?.on('message', async (text) => {
    const verdict = Promise.resolve(parse('template.tf', text)).then(
      () => ({ error: null, dead: false }),
      (error) => ({ error: error.message, dead: error.message.includes('already exited') }),
    );
    // A runtime that died over the file never answers; only a second call tells.
    const pulse = new Promise((resolve) => setTimeout(resolve, 200)).then(() =>
      Promise.resolve(parse('pulse.tf', '')).then(
        () => verdict,
        (error) => ({ error: error.message, dead: true }),
      ),
    );
    parentPort.postMessage(await Promise.race([verdict, pulse]));
  });
});
