import { GOOD, startFakeProvider } from '../fakes/provider.ts';

/** A fake provider in a process of its own; over IPC it takes a script, and says when which request came and was answered. */
const fake = await startFakeProvider();
process.on('message', (script: object) => {
	fake.script = { ...GOOD, ...script };
	process.send?.({
		truths: fake.requests.map(({ atMs, firstTokenMs = NaN, body }) => ({
			body: JSON.stringify(body),
			ttftMs: firstTokenMs - atMs,
		})),
	});
	fake.requests.length = 0;
});
process.on('disconnect', () => process.exit());
process.send?.({ url: fake.url });
