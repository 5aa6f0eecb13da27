/*
 * A thread that does what a job tells it to, in place of analysing. It speaks the pool's protocol and needs no
 * bundle; the job is the text of an upload, or is the word itself in tests of the pool.
 */
import { parentPort, workerData } from 'node:worker_threads';

if (workerData?.failAtStart) throw new Error('no such file');

parentPort.on('message', ({ id, job }) => {
  const word = typeof job === 'string' ? job : new TextDecoder().decode(job.upload.bytes);
  const [action, argument] = word.split(' ');
  const done = (message) => {
    parentPort.postMessage({ id, ...message });
    parentPort.postMessage({ ready: true });
  };
  const answer = (body) => done({ result: { body, type: 'text/plain' } });
  switch (action) {
    case 'die':
      return process.exit(1);
    case 'throw':
      throw new Error('secret text of a template');
    case 'fail':
      return done({ failed: 'a defect' });
    case 'hang':
      for (;;);
    case 'wait':
      return setTimeout(answer, Number(argument), 'waited');
    case 'eat': {
      const eaten = [];
      for (;;) eaten.push(new Array(1000).fill(eaten.length));
    }
    case 'env':
      return answer(JSON.stringify(process.env));
    case 'print':
      console.log('secret text of a template');
      console.error('secret text of a template');
      return answer('printed');
    default:
      return answer(word);
  }
});
parentPort.postMessage({ ready: true });
