// Runs what it is told on its input, one measure a line: {"measure":"add","jobs":10000,…}. Answers each with a line of JSON.
import { Queue, Worker } from 'bullmq';
import { createInterface } from 'node:readline';

const connection = { host: '127.0.0.1', port: Number(process.argv[2]), maxRetriesPerRequest: null };
const body = { text: 'x'.repeat(1011) }; // 1 KB as JSON

// As many calls at a time as there are tasks, over the queue's one connection.
async function tasks(count, total, call) {
  let next = 0;
  const from = performance.now();
  await Promise.all(Array.from({ length: count }, async () => {
    while (next < total) await call(next++);
  }));
  return (total / (performance.now() - from)) * 1000;
}

async function add({ jobs, tasks: count }) {
  const queue = new Queue('add', { connection });
  await queue.waitUntilReady();
  const rate = await tasks(count, jobs, () => queue.add('message', body, { removeOnComplete: true }));
  await queue.close();
  return { rate };
}

async function debounce({ jobs, tasks: count, conversations }) {
  const queue = new Queue('debounce', { connection });
  await queue.waitUntilReady();
  const rate = await tasks(count, jobs, (i) => queue.add('message', body, {
    delay: 60_000,
    deduplication: { id: `conversation-${i % conversations}`, ttl: 60_000, extend: true, replace: true },
  }));
  await queue.close();
  return { rate };
}

async function drain({ jobs, tasks: count }) {
  const queue = new Queue('drain', { connection });
  const batch = Array.from({ length: 1000 }, () => ({ name: 'message', data: body, opts: { removeOnComplete: true } }));
  for (let i = 0; i < jobs; i += batch.length) await queue.addBulk(batch.slice(0, jobs - i));
  let done = 0;
  let from;
  const worker = new Worker('drain', async () => {}, { connection, concurrency: count, autorun: false });
  await worker.waitUntilReady();
  const rate = await new Promise((resolve, reject) => {
    worker.on('completed', () => {
      if (++done === jobs) resolve((jobs / (performance.now() - from)) * 1000);
    });
    worker.on('error', reject);
    from = performance.now();
    worker.run().catch(reject);
  });
  await worker.close();
  await queue.close();
  return { rate };
}

async function lateness({ jobs, seconds, head_start: headStart }) {
  const queue = new Queue('lateness', { connection });
  const late = [];
  const worker = new Worker('lateness', async (job) => {
    late.push(performance.timeOrigin + performance.now() - (job.timestamp + job.opts.delay));
  }, { connection, concurrency: 16 });
  await worker.waitUntilReady();
  await queue.addBulk(Array.from({ length: jobs }, (_, i) => ({
    name: 'message', data: body, opts: { delay: Math.round(1000 * (headStart + (seconds * i) / jobs)), removeOnComplete: true },
  })));
  while (late.length < jobs) await new Promise((resolve) => setTimeout(resolve, 50));
  await worker.close();
  await queue.close();
  late.sort((a, b) => a - b);
  return { p50: late[Math.floor(jobs * 0.5)], p99: late[Math.floor(jobs * 0.99)], min: late[0] };
}

const measures = { add, debounce, drain, lateness };
for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line);
  console.log(JSON.stringify(await measures[order.measure](order)));
}
process.exit(0);
