import { describe, expect, it } from 'vitest';
import { ConfigError, InputError } from '#contracts/error.ts';
import { createCorrelation } from './correlation.ts';
import { createLog } from './log.ts';
import { createRecentTroubles } from './recent.ts';

function lines(format: 'json' | 'readable' = 'json') {
	const written: string[] = [];
	const log = createLog({ level: 'debug', format, destination: { write: (line) => void written.push(line) } });
	return { log, written };
}

describe('the log', () => {
	it('writes JSON lines', () => {
		const { log, written } = lines();
		log.info({ stream: 7 }, 'judged');
		expect(JSON.parse(written[0] ?? '')).toMatchObject({ level: 30, stream: 7, msg: 'judged' });
	});
	it('takes secrets out by their names, at any depth, in bindings and in errors', () => {
		const { log, written } = lines();
		const secret = 'canary-4711-canary';
		const names = [
			'authorization',
			'Cookie',
			'token',
			'key',
			'password',
			'secret',
			'x-sigmascope-key',
			'apiKey',
			'set-cookie',
		];
		for (const name of names) {
			log.child({ [name]: secret }).warn({ request: { headers: [{ [name]: secret }] } }, 'no');
			log.error(Object.assign(new Error('failed'), { config: { [name]: secret } }));
			log.error({ err: Object.assign(new Error('failed'), { [name]: secret }) }, 'failed');
		}
		expect(written).toHaveLength(names.length * 3);
		expect(written.join('')).not.toContain(secret);
	});
	it('takes secrets out of texts by their form', () => {
		const { log, written } = lines();
		const secret = 'canary4711canary4711';
		log.info(`GET /?token=${secret}&x=1 Authorization: Bearer ${secret} http://user:${secret}@host/`);
		log.error(new Error(`cannot reach https://a:${secret}@b/?api_key=${secret}`));
		expect(written.join('')).not.toContain(secret);
		expect(written.join('')).toContain('&x=1');
	});
	it('leaves a line valid JSON whatever it takes out', () => {
		const { log, written } = lines();
		log.info({ text: '?token="x"\\ ', url: 'a://b:c@d"' }, 'Bearer "quoted-quoted-quoted"');
		expect(() => JSON.parse(written[0] ?? '')).not.toThrow();
	});
	it('prints no stack for what a person can mend', () => {
		const { log, written } = lines();
		log.error(new ConfigError('port taken'));
		log.error({ err: new InputError('line 1: bad') }, 'refused');
		log.error(new Error('a fault of ours'));
		expect(written.map((line) => line.includes('log.test.ts'))).toEqual([false, false, true]);
	});
	it('has the number of the request by which a line is written, and no field of another line', () => {
		const written: Record<string, unknown>[] = [];
		const correlation = createCorrelation();
		const destination = { write: (line: string) => void written.push(JSON.parse(line) as Record<string, unknown>) };
		const log = createLog({ level: 'info', format: 'json', destination, fields: correlation.fields });
		correlation.run('r-1', () => log.info({ stream: 7 }, 'one'));
		correlation.run('r-2', () => log.info('two'));
		log.info('three');
		expect(written.map(({ request, stream, msg }) => [msg, request, stream])).toEqual([
			['one', 'r-1', 7],
			['two', 'r-2', undefined],
			['three', undefined, undefined],
		]);
	});
	it('survives circles and depth', () => {
		const { log, written } = lines();
		const circle: Record<string, unknown> = {};
		circle['self'] = circle;
		log.info(circle, 'round');
		expect(written).toHaveLength(1);
	});
});

describe('on a terminal', () => {
	it('a line is short', () => {
		const { log, written } = lines('readable');
		log.warn({ source: 'a/press', seq: 7, why: 'two words' }, 'refused');
		expect(written[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} WARN {2}refused source=a\/press seq=7 why="two words"\n$/);
	});
	it('a mendable error is one line, another shows its stack', () => {
		const { log, written } = lines('readable');
		log.error({ err: new ConfigError('port\ntaken') }, 'cannot start');
		log.error({ err: new Error('boom') }, 'failed');
		expect(written[0]).toMatch(/ERROR cannot start: ConfigError: port \| taken\n$/);
		expect(written[1]).toMatch(/ERROR failed: Error: boom\n {4}at /);
	});
	it('no sender can make lines or move the cursor', () => {
		const { log, written } = lines('readable');
		log.info({ name: 'a\u001b[2Jb' }, 'x\nFAKE line\u001b[31m');
		expect(written[0]?.split('\n')).toHaveLength(2);
		expect(written[0]).not.toContain('\u001b');
	});
});

describe('the newest troubles', () => {
	it('are warnings and errors without secrets, newest first, the same ones counted', () => {
		const recent = createRecentTroubles(2);
		const log = createLog({ level: 'debug', format: 'json', destination: { write() {} }, onLine: recent.take });
		log.info('fine');
		log.warn({ part: 'store' }, 'store ended');
		log.error({ err: new Error('https://a:canary4711@b') }, 'cannot send');
		log.warn({ part: 'store' }, 'store ended');
		expect(recent.list()).toMatchObject([
			{ level: 'warn', message: 'store ended', part: 'store', count: 2 },
			{ level: 'error', message: 'cannot send: https://[redacted]@b', part: null, count: 1 },
		]);
		log.warn('third');
		expect(recent.list().map(({ message }) => message)).toEqual(['third', 'store ended']);
		expect(recent.counts()).toEqual({ info: 1, warn: 3, error: 1 });
	});
});
