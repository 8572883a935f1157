import { existsSync } from 'node:fs';
import { isIP } from 'node:net';
import type { Settings } from '#contracts/config.ts';
import { isEmail } from '#contracts/email.ts';
import { ConfigError } from '#contracts/error.ts';
import type { Env } from './interpolate.ts';
import { hintFor } from '#contracts/suggest.ts';

const DEFAULT_FILE = 'sigmascope.yaml';
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/**
 * What differs per machine. Everything that is wrong is said at once.
 *
 * @throws ConfigError naming each variable, its value and what is allowed
 */
export function loadSettings(env: Env, exists: (path: string) => boolean = existsSync): Settings {
	const faults: string[] = [];
	const reader = createReader(env, faults);
	for (const name of ['DATABASE_URL', 'NATS_URL'])
		if (env[name]) faults.push(`${name} is set, but this version keeps everything on one machine: unset it`);

	const configFile = configFileOf(env, exists, faults);
	const settings: Settings = {
		port: reader.port('PORT', 3000),
		host: reader.text('HOST') ?? '127.0.0.1',
		publicUrl: reader.url('SIGMASCOPE_URL'),
		dataFolder: reader.text('SIGMASCOPE_DATA') ?? './data',
		configFile,
		demo: reader.flag('SIGMASCOPE_DEMO') ?? configFile === undefined,
		clickhouseUrl: reader.url('CLICKHOUSE_URL'),
		bootstrapKey: reader.word('SIGMASCOPE_API_KEY'),
		owner: ownerOf(reader, faults),
		trustedProxies: reader.list('SIGMASCOPE_TRUSTED_PROXIES', networkFault),
		allowAddresses: reader.list('SIGMASCOPE_ALLOW_ADDRESSES', allowedFault),
		logLevel: reader.choice('SIGMASCOPE_LOG_LEVEL', LOG_LEVELS) ?? 'info',
	};
	if (faults.length > 0) throw new ConfigError(faults.join('\n'));
	return settings;
}

/** Both or none. The password is not looked at here: what is wrong with it is said where passwords are known. */
function ownerOf(reader: ReturnType<typeof createReader>, faults: string[]): Settings['owner'] {
	const email = reader.text('SIGMASCOPE_OWNER_EMAIL');
	const password = reader.text('SIGMASCOPE_OWNER_PASSWORD');
	if (email === undefined && password === undefined) return undefined;
	if (email !== undefined && password !== undefined && isEmail(email)) return { email, password };
	if (email !== undefined && !isEmail(email))
		faults.push(`SIGMASCOPE_OWNER_EMAIL: ${JSON.stringify(email)} is no address`);
	else faults.push('SIGMASCOPE_OWNER_EMAIL and SIGMASCOPE_OWNER_PASSWORD belong together: set both or none');
	return undefined;
}

function networkFault(text: string): string | undefined {
	const [address = '', bits, more] = text.split('/');
	const family = isIP(address);
	const most = family === 6 ? 128 : 32;
	const isFine =
		family !== 0 && more === undefined && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most));
	return isFine ? undefined : 'is neither an address nor a network: write 10.0.0.1 or 10.0.0.0/8';
}

function allowedFault(text: string): string | undefined {
	if (networkFault(text) === undefined) return undefined;
	const host = /^(?:\[[0-9a-f:.]+\]|[a-z0-9._-]+):(\d{1,5})$/i.exec(text);
	return host && Number(host[1]) <= 65_535
		? undefined
		: 'is neither host:port nor a network: write gateway:8080 or 10.0.0.0/8';
}

function configFileOf(env: Env, exists: (path: string) => boolean, faults: string[]): string | undefined {
	const named = env['SIGMASCOPE_CONFIG'];
	if (!named) return exists(DEFAULT_FILE) ? DEFAULT_FILE : undefined;
	if (!exists(named)) faults.push(`SIGMASCOPE_CONFIG: there is no file ${JSON.stringify(named)}`);
	return named;
}

/** Empty counts as unset, as in most tools: an image sets variables that nobody filled in. */
function createReader(env: Env, faults: string[]) {
	const text = (name: string) => env[name]?.trim() || undefined;
	const fault = (name: string, message: string): undefined => void faults.push(`${name}: ${message}`);
	return {
		text,
		port(name: string, otherwise: number): number {
			const given = text(name);
			if (given === undefined) return otherwise;
			if (/^\d{1,5}$/.test(given) && Number(given) <= 65_535) return Number(given);
			fault(name, `${JSON.stringify(given)} is no port: write a number from 0 (any free one) to 65535`);
			return otherwise;
		},
		url(name: string): string | undefined {
			const given = text(name);
			if (given === undefined) return undefined;
			const url = URL.parse(given);
			if (url?.protocol === 'http:' || url?.protocol === 'https:') return given;
			// Not quoted: an address may carry a password.
			return fault(name, 'is no address: write http://… or https://…');
		},
		flag(name: string): boolean | undefined {
			const given = text(name);
			if (given === undefined) return undefined;
			if (['1', 'true', 'yes', 'on'].includes(given.toLowerCase())) return true;
			if (['0', 'false', 'no', 'off'].includes(given.toLowerCase())) return false;
			return fault(name, `${JSON.stringify(given)} is neither 1 nor 0`);
		},
		word(name: string): string | undefined {
			const given = text(name);
			if (given === undefined || /^[\x21-\x7e]+$/.test(given)) return given;
			return fault(name, 'may only have visible ASCII characters, since it travels in a header');
		},
		list(name: string, faultOf: (entry: string) => string | undefined): string[] {
			const entries = (text(name) ?? '')
				.split(',')
				.map((entry) => entry.trim())
				.filter((entry) => entry !== '');
			for (const entry of entries) {
				const wrong = faultOf(entry);
				if (wrong !== undefined) fault(name, `${JSON.stringify(entry)} ${wrong}`);
			}
			return entries;
		},
		choice(name: string, allowed: readonly string[]): string | undefined {
			const given = text(name);
			if (given === undefined || allowed.includes(given)) return given;
			return fault(name, `${JSON.stringify(given)} is unknown; ${hintFor(given, allowed)}`);
		},
	};
}
