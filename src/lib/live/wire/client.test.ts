import { describe, expect, it } from 'vitest';
import { FRAME_KIND, encodeFrame, type LiveText } from '#contracts/live.ts';
import { createLiveClient, type Connection, type SocketHandlers } from './client.ts';
import { createRings } from './rings.ts';
import type { ProbeAnswer } from './watchdog.ts';

/** A server at the seam of the socket, and a clock that goes when it is told to. */
function world() {
	const sockets: { handlers: SocketHandlers; sent: Hello[]; closed: boolean }[] = [];
	const timers = new Set<{ atMs: number; callback: () => void }>();
	const rings = createRings();
	let nowMs = 1_000_000;
	let answer: ProbeAnswer = 'up';
	const client = createLiveClient({
		rings,
		open(handlers) {
			const socket = { handlers, sent: [] as Hello[], closed: false };
			sockets.push(socket);
			return {
				send: (text) => void socket.sent.push(JSON.parse(text) as Hello),
				close: () => void (socket.closed = true),
			};
		},
		probe: () => Promise.resolve(answer),
		nowMs: () => nowMs,
		random: () => 1,
		after(delayMs, callback) {
			const timer = { atMs: nowMs + delayMs, callback };
			timers.add(timer);
			return () => void timers.delete(timer);
		},
	});
	const states: Connection['state'][] = [];
	client.listen({ onConnection: (connection) => states.push(connection.state) });

	/** Lets time pass in small steps, with what timers and answers do in between. */
	async function pass(ms: number): Promise<void> {
		for (const end = nowMs + ms; nowMs < end;) {
			nowMs = Math.min(end, nowMs + 50);
			for (const timer of [...timers]) {
				if (timer.atMs > nowMs || !timers.delete(timer)) continue;
				timer.callback();
			}
			await Promise.resolve();
			await Promise.resolve();
		}
	}
	const last = () => sockets.at(-1) ?? expect.unreachable('no socket was opened');
	return {
		client,
		rings,
		states,
		sockets,
		last,
		pass,
		nowMs: () => nowMs,
		probeAnswers: (next: ProbeAnswer) => void (answer = next),
		say: (message: LiveText) => last().handlers.onText(JSON.stringify(message)),
		welcome(seq: number, more: { resumed?: boolean; epoch?: string } = {}) {
			const streams = last().sent.at(-1)?.hello.streams ?? [];
			this.say({ welcome: { epoch: 'e1', seq, resumed: false, streams, ...more } });
		},
		replacing(...replacesPoints: string[]) {
			this.say({ snapshot: { limits: [], states: [], violations: [], replacesPoints } });
		},
		frame(seq: number, values: readonly [index: number, tMs: number, v: number][], kind: number = FRAME_KIND.points) {
			const points = values.map(([index, tMs, v]) => ({
				index,
				tMicros: tMs * 1000,
				v,
				signals: 0,
				quality: 192,
				flags: 0,
				chart: 0,
			}));
			const bytes = encodeFrame({ kind, tickMs: nowMs % 2 ** 32, seq }, points);
			last().handlers.onBinary(bytes.buffer as ArrayBuffer);
		},
		values: (stream: string) => [...rings.columns(stream, 'i').v],
	};
}

interface Hello {
	hello: { streams: string[]; window: number; rateHz: number; resume?: { epoch: string; seq: number } };
}

const interest = (...streams: string[]) => ({
	streams,
	need: { points: 100, charts: ['i'] as const },
	rateHz: 4,
});

async function watching(...streams: string[]) {
	const w = world();
	w.client.subscribe(interest(...streams));
	w.last().handlers.onOpen();
	w.welcome(10);
	w.frame(10, [[0, 1, 1.5]], FRAME_KIND.snapshot);
	await w.pass(100);
	return w;
}

describe('the live client', () => {
	it('asks for every stream once, whoever wants it, with the most that anybody wants', async () => {
		const w = world();
		w.client.subscribe(interest('b', 'a'));
		w.client.subscribe({ streams: ['a'], need: { points: 2000, charts: ['i', 'mr'] }, rateHz: 20 });
		w.last().handlers.onOpen();
		expect(w.last().sent).toEqual([{ hello: { streams: ['a', 'b'], window: 2000, rateHz: 20, format: 'binary' } }]);
	});

	it('puts snapshot and points into the ring of their stream', async () => {
		const w = await watching('a', 'b');
		w.frame(11, [
			[0, 2, 2.5],
			[1, 2, 7],
		]);
		expect([w.values('a'), w.values('b')]).toEqual([[1.5, 2.5], [7]]);
		expect(w.states).toEqual(['live']);
	});

	it('says nothing new when nobody wants anything else', async () => {
		const w = await watching('a');
		w.client.subscribe(interest('a'));
		await w.pass(200);
		expect(w.last().sent).toHaveLength(1);
	});

	it('gathers changes into one hello on the same socket', async () => {
		const w = await watching('a');
		w.client.subscribe(interest('b'));
		w.client.subscribe(interest('c'));
		await w.pass(200);
		expect(w.sockets).toHaveLength(1);
		expect(w.last().sent.map((one) => one.hello.streams)).toEqual([['a'], ['a', 'b', 'c']]);
	});

	it('counts streams by the old hello until the new one is welcomed', async () => {
		const w = await watching('b');
		w.client.subscribe(interest('a'));
		await w.pass(200);
		w.frame(12, [[0, 3, 9]]);
		expect(w.values('b')).toEqual([1.5, 9]);
		w.welcome(12);
		w.frame(12, [[0, 1, 4]], FRAME_KIND.snapshot);
		expect(w.values('a')).toEqual([4]);
	});

	it('forgets a stream that nobody watches any more', async () => {
		const w = await watching('a');
		const other = w.client.subscribe(interest('b'));
		await w.pass(200);
		w.welcome(12);
		w.frame(13, [[1, 5, 5]]);
		other.stop();
		await w.pass(200);
		w.welcome(14);
		expect(w.values('b')).toEqual([]);
		expect(w.values('a')).toEqual([1.5]);
	});

	it('resumes where it was after a lost connection, keeping what it has', async () => {
		const w = await watching('a');
		w.frame(11, [[0, 2, 2.5]]);
		w.last().handlers.onClose();
		await w.pass(400);
		w.last().handlers.onOpen();
		expect(w.last().sent[0]?.hello.resume).toEqual({ epoch: 'e1', seq: 11 });
		w.welcome(15, { resumed: true });
		w.frame(15, [[0, 3, 3.5]]);
		expect(w.values('a')).toEqual([1.5, 2.5, 3.5]);
		expect(w.states).toEqual(['live', 'lost', 'live']);
	});

	it('does not resume with other streams than those that it has', async () => {
		const w = await watching('a');
		w.last().handlers.onClose();
		w.client.subscribe(interest('b'));
		await w.pass(400);
		w.last().handlers.onOpen();
		expect(w.last().sent[0]?.hello.resume).toBeUndefined();
	});

	it('a snapshot replaces what was there', async () => {
		const w = await watching('a');
		w.last().handlers.onClose();
		await w.pass(400);
		w.last().handlers.onOpen();
		w.welcome(90);
		w.replacing('a');
		w.frame(90, [[0, 8, 8]], FRAME_KIND.snapshot);
		expect(w.values('a')).toEqual([8]);
	});

	it('a snapshot for one that fell behind replaces without a new welcome, and only what it names', async () => {
		const w = await watching('a', 'b');
		w.frame(11, [[1, 2, 2.5]]);
		w.replacing('a');
		w.frame(11, [[0, 8, 8]], FRAME_KIND.snapshot);
		w.frame(12, [[1, 9, 9]]);
		expect([w.values('a'), w.values('b')]).toEqual([[8], [2.5, 9]]);
	});

	it('a new data folder empties everything at once', async () => {
		const w = await watching('a');
		w.last().handlers.onClose();
		await w.pass(400);
		w.last().handlers.onOpen();
		w.welcome(3, { epoch: 'e2' });
		expect(w.values('a')).toEqual([]);
	});

	it('waits longer after each failure, and comes back by itself', async () => {
		const w = await watching('a');
		w.last().handlers.onClose();
		w.probeAnswers('down');
		const opened: number[] = [];
		for (let i = 0; i < 4; i++) {
			const before = w.sockets.length;
			let waited = 0;
			while (w.sockets.length === before && waited < 20_000) {
				await w.pass(50);
				waited += 50;
			}
			opened.push(waited);
			w.last().handlers.onClose();
		}
		expect(opened).toEqual([300, 600, 1200, 2400]);
	});

	it('tries at once when somebody looks at the page again', async () => {
		const w = await watching('a');
		w.last().handlers.onClose();
		w.client.retryNow();
		expect(w.sockets).toHaveLength(2);
	});

	it('says within five seconds that a frozen server is gone', async () => {
		const w = await watching('a');
		w.probeAnswers('down');
		await w.pass(4_900);
		expect(w.states).toContain('lost');
		expect(w.sockets[0]?.closed).toBe(true);
	});

	it('says since when nothing is new: since something came last, not since it was missed', async () => {
		const w = await watching('a');
		w.frame(11, [[0, 2, 2.5]]);
		const heardMs = w.nowMs();
		w.probeAnswers('down');
		await w.pass(4_900);
		expect(w.client.connection()).toEqual({ state: 'lost', sinceMs: heardMs });
	});

	it('a quiet server that answers over HTTP is not gone', async () => {
		const w = await watching('a');
		await w.pass(20_000);
		expect(w.states).toEqual(['live']);
	});

	it('asks why when it is refused, and says that nobody is signed in', async () => {
		const w = world();
		w.probeAnswers('unauthorized');
		w.last().handlers.onClose();
		await w.pass(50);
		expect(w.states.at(-1)).toBe('unauthorized');
	});

	it('says that the page is too old for a frame of another version', async () => {
		const w = await watching('a');
		w.last().handlers.onBinary(new Uint8Array(16).fill(9).buffer);
		expect(w.states.at(-1)).toBe('outdated');
	});

	it('passes over a text that it does not know', async () => {
		const w = await watching('a');
		w.last().handlers.onText('no json');
		w.last().handlers.onText('{"later": true}');
		w.frame(11, [[0, 2, 2.5]]);
		expect(w.values('a')).toEqual([1.5, 2.5]);
	});

	it('a closed client opens nothing any more', async () => {
		const w = await watching('a');
		w.client.stop();
		w.last().handlers.onClose();
		await w.pass(20_000);
		expect(w.sockets).toHaveLength(1);
	});
});
