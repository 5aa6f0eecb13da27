import { ProblemError } from './problem.ts';

/** What uploads may take up; sizes in bytes, `timeout` in milliseconds. */
interface BodyLimits {
  readonly maxBytes: number;
  /** Bytes that all uploads together may hold while they are received. */
  readonly maxHeldBytes: number;
  readonly timeout: number;
}

/** Receives uploads, and stops at the first byte over a limit instead of taking in the rest. */
export class BodyReader {
  readonly #limits: BodyLimits;
  #held = 0;

  constructor(limits: BodyLimits) {
    this.#limits = limits;
  }

  /**
   * The whole body of a request.
   * @throws ProblemError when it is over a limit, too slow, or breaks off
   */
  async read(request: Request): Promise<Uint8Array<ArrayBuffer>> {
    const { maxBytes, timeout } = this.#limits;
    const declared = Number(request.headers.get('content-length') ?? 0);
    if (declared > maxBytes) throw tooLarge(maxBytes);
    if (request.body === null) return new Uint8Array();
    const reader = request.body.getReader();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(tooSlow(timeout)), timeout);
    });
    // Only the race below may report it.
    late.catch(() => undefined);
    const chunks: Uint8Array[] = [];
    let length = 0;
    try {
      for (;;) {
        const { done, value } = await Promise.race([reader.read(), late]);
        if (done) return concat(chunks, length);
        length += value.length;
        this.#held += value.length;
        if (length > maxBytes) throw tooLarge(maxBytes);
        if (this.#held > this.#limits.maxHeldBytes) {
          throw new ProblemError('busy', 'Too many uploads are being received. Try again later.');
        }
        chunks.push(value);
      }
    } catch (error) {
      // What is still to come is of no use; an upload that broke off cannot be cancelled any more.
      reader.cancel().catch(() => undefined);
      if (error instanceof ProblemError) throw error;
      throw new ProblemError('bad-request', 'The upload broke off.');
    } finally {
      clearTimeout(timer);
      this.#held -= length;
    }
  }
}

function tooLarge(maxBytes: number): ProblemError {
  return new ProblemError('too-large', `Uploads may have ${maxBytes} bytes at most.`);
}

function tooSlow(timeout: number): ProblemError {
  return new ProblemError('upload-timeout', `The upload did not arrive within ${timeout} ms.`);
}

function concat(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    result.set(chunk, at);
    at += chunk.length;
  }
  return result;
}
