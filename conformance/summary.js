// Node's own report, and how many passed and failed as its last line.
import { Readable } from 'node:stream';
import { spec as Spec } from 'node:test/reporters';

export default async function* report(events) {
  const counts = { 'test:pass': 0, 'test:fail': 0 };
  async function* counted() {
    for await (const event of events) {
      if (event.type in counts && event.data.details.type !== 'suite') counts[event.type] += 1;
      yield event;
    }
  }
  yield* Readable.from(counted()).pipe(new Spec());
  yield `${counts['test:pass']} passed, ${counts['test:fail']} failed\n`;
}
