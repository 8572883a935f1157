import { describe, expect, it } from 'vitest';
import { ConfigError } from '#contracts/error.ts';
import { interpolate } from './interpolate.ts';
import { loadSettings } from './settings.ts';
import { nearest } from '#contracts/suggest.ts';

describe('settings', () => {
	const none = () => false;
	it('have defaults that need nothing', () =>
		expect(loadSettings({}, none)).toEqual({
			port: 3000,
			host: '127.0.0.1',
			publicUrl: undefined,
			dataFolder: './data',
			configFile: undefined,
			demo: true,
			clickhouseUrl: undefined,
			bootstrapKey: undefined,
			owner: undefined,
			trustedProxies: [],
			allowAddresses: [],
			logLevel: 'info',
		}));
	it('take an owner with address and password, or none', () => {
		const env = { SIGMASCOPE_OWNER_EMAIL: 'ann@plant.example', SIGMASCOPE_OWNER_PASSWORD: 'four words of mine' };
		expect(loadSettings(env, none).owner).toEqual({ email: 'ann@plant.example', password: 'four words of mine' });
		expect(() => loadSettings({ SIGMASCOPE_OWNER_EMAIL: 'ann@plant.example' }, none)).toThrow(/belong together/);
		expect(() => loadSettings({ ...env, SIGMASCOPE_OWNER_EMAIL: 'ann' }, none)).toThrow(/"ann" is no address/);
	});
	it('never say a password', () => {
		const env = { SIGMASCOPE_OWNER_EMAIL: 'ann', SIGMASCOPE_OWNER_PASSWORD: 'canary' };
		expect(() => loadSettings(env, none)).toThrow(/^(?!.*canary)/s);
	});
	it('name what is no network', () => {
		const networks = (text: string) => loadSettings({ SIGMASCOPE_TRUSTED_PROXIES: text }, none).trustedProxies;
		expect(networks('10.0.0.1, 10.1.0.0/16,fd00::/8')).toEqual(['10.0.0.1', '10.1.0.0/16', 'fd00::/8']);
		for (const wrong of ['10.0.0.0/33', 'proxy', '10.0.0', '::/129', '1.2.3.4/8/8'])
			expect(() => networks(wrong)).toThrow(/is neither an address nor a network/);
	});
	it('name what nothing can be sent to', () => {
		const allowed = (text: string) => loadSettings({ SIGMASCOPE_ALLOW_ADDRESSES: text }, none).allowAddresses;
		expect(allowed('gateway:8080,[fd00::1]:80,10.0.0.0/8')).toHaveLength(3);
		for (const wrong of ['gateway', 'http://gateway:80', 'gateway:99999'])
			expect(() => allowed(wrong)).toThrow(/is neither host:port nor a network/);
	});
	it('show the demo only where there is no configuration', () => {
		expect(loadSettings({}, () => true)).toMatchObject({ configFile: 'sigmascope.yaml', demo: false });
		expect(loadSettings({ SIGMASCOPE_DEMO: '1' }, () => true).demo).toBe(true);
		expect(loadSettings({ SIGMASCOPE_DEMO: '0' }, none).demo).toBe(false);
	});
	it('an empty variable is as good as none', () =>
		expect(loadSettings({ PORT: '', HOST: ' ' }, none)).toMatchObject({ port: 3000, host: '127.0.0.1' }));
	it('port 0 is any free one', () => expect(loadSettings({ PORT: '0' }, none).port).toBe(0));

	const f = (env: Record<string, string>, text: RegExp) => {
		const load = () => loadSettings(env, none);
		expect(load).toThrow(ConfigError);
		expect(load).toThrow(text);
	};
	it('a port that is none', () => f({ PORT: '99999' }, /PORT: "99999" is no port/));
	it('an address that is none', () => f({ CLICKHOUSE_URL: 'localhost:8123' }, /CLICKHOUSE_URL: is no address/));
	it('an address is not repeated: it may carry a password', () =>
		f({ SIGMASCOPE_URL: 'ftp://user:pw@host' }, /^(?!.*pw).*SIGMASCOPE_URL/));
	it('a flag that is none', () => f({ SIGMASCOPE_DEMO: 'maybe' }, /"maybe" is neither 1 nor 0/));
	it('a file that is not there', () => f({ SIGMASCOPE_CONFIG: 'x.yaml' }, /there is no file "x.yaml"/));
	it('a key that no header can carry', () => f({ SIGMASCOPE_API_KEY: 'a b' }, /SIGMASCOPE_API_KEY/));
	it('what this version cannot do', () => f({ DATABASE_URL: 'postgres://x' }, /DATABASE_URL is set, but/));
	it('a log level, with what it may have meant', () => f({ SIGMASCOPE_LOG_LEVEL: 'wran' }, /did you mean "warn"/));
	it('says everything at once', () => f({ PORT: 'x', SIGMASCOPE_DEMO: 'x' }, /PORT[^]*SIGMASCOPE_DEMO/));
});

describe('variables', () => {
	const f = (text: string, want: string) =>
		expect(interpolate(text, { A: 'x', EMPTY: '' })).toEqual({ text: want, faults: [] });
	it('${VAR}', () => f('<${A}>', '<x>'));
	it('${VAR:-default}', () => f('${B:-d e:f}', 'd e:f'));
	it('an empty one takes the default', () => f('${EMPTY:-d}', 'd'));
	it('an empty one is set', () => f('${EMPTY}', ''));
	it('$${ is a literal', () => f('$${A} $A $', '${A} $A $'));
	it('are not read again in what they bring', () => expect(interpolate('${A}', { A: '${B}' }).text).toBe('${B}'));
});

describe('a suggestion', () => {
	const f = (word: string, want: string | undefined) =>
		expect(nearest(word, ['collectors', 'streams', 'site', 'url'])).toBe(want);
	it('a letter left out', () => f('colectors', 'collectors'));
	it('two letters swapped', () => f('stie', 'site'));
	it('another case', () => f('Streams', 'streams'));
	it('nothing that is near', () => f('proxy', undefined));
});
