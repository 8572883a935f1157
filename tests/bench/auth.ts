import { pointsOf, startHub } from '#server/http/testing/hub.ts';
import { rounded, sharesMs, type Bench } from './bench.ts';

const REPEATS = 20_000;
const STRANGERS = 300;

/** What it costs to know who asks: once it is known, and the first time. */
export const auth: Bench = {
	name: 'auth',
	workload:
		`who a request is of, by key and by session: ${REPEATS} times the same, and ${STRANGERS} that were not asked about ` +
		'before (a look into the metadata database each). In the process of the hub, without HTTP',
	async run() {
		const hub = await startHub();
		try {
			const by = { name: 'bench', id: null, address: null };
			await hub.write(pointsOf('x/y', [0]));
			const keys: string[] = [];
			for (let i = 0; i < STRANGERS; i++) keys.push(`Bearer ${await hub.createKey('a', ['read'])}`);
			const grants = [{ site: '*', role: 'viewer' }] as const;
			const person = { email: 'ann@x.example', name: 'ann', password: null, grants };
			const account = await hub.metadata.accounts.create(person, by);
			if (!account) throw new Error('no account');
			const cookies: string[] = [];
			for (let i = 0; i < STRANGERS; i++) cookies.push(await hub.signIn(account));
			const byKey = (authorization: string) => ({ authorization });
			const bySession = (cookie: string) => ({ cookie });
			return {
				firstByKey: sharesMs(await timed(hub, keys.map(byKey))),
				firstBySession: sharesMs(await timed(hub, cookies.map(bySession))),
				byKey: sharesMs(await timed(hub, again(byKey(keys[0] ?? '')))),
				bySession: sharesMs(await timed(hub, again(bySession(cookies[0] ?? '')))),
				requestsPerSecond: rounded(await rate(hub, again(byKey(keys[0] ?? '')))),
			};
		} finally {
			await hub.stop();
		}
	},
};

type Headers = Readonly<Record<string, string>>;
type Asked = Pick<Awaited<ReturnType<typeof startHub>>, 'ports'>;

const again = (headers: Headers): Headers[] => Array.from({ length: REPEATS }, () => headers);

async function timed({ ports: { auth: part } }: Asked, all: readonly Headers[]): Promise<number[]> {
	const times: number[] = [];
	for (const headers of all) {
		const begun = performance.now();
		const who = await part.resolve(headers);
		times.push(performance.now() - begun);
		if (!who) throw new Error('somebody was not recognised');
	}
	return times;
}

async function rate(hub: Asked, all: readonly Headers[]): Promise<number> {
	const begun = performance.now();
	await timed(hub, all);
	return (all.length / (performance.now() - begun)) * 1000;
}
