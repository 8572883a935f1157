import { hash, verify } from '@node-rs/argon2';
import { normalEmail } from '#contracts/email.ts';
import { InputError } from '#contracts/error.ts';
import { createQueue } from './queue.ts';

/** OWASP's first choice for argon2id: 19 MiB, two passes. */
const STRENGTH = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const PREFIX = `$argon2id$v=19$m=${STRENGTH.memoryCost},t=${STRENGTH.timeCost},p=${STRENGTH.parallelism}$`;
/** Each takes 19 MiB and a thread of libuv's pool, of which files and DNS need one too. */
const AT_ONCE = 2;
const MAX_WAITING = 50;
/** Of no use to anybody: it stands in for the hash of an account that is not there. */
const NOBODY_S = 'no password of anybody';
const SHORTEST = 12;
const LONGEST = 200;

export interface Passwords {
	/** @throws RetriableError when too many are being hashed */
	hash(password: string): Promise<string>;
	/** Takes the same time without a hash as with one. */
	matches(hash: string | null | undefined, password: string): Promise<boolean>;
	/** The hash was made with other settings than today's. */
	isOld(hash: string): boolean;
}

export function createPasswords(): Passwords {
	const queue = createQueue({ atOnce: AT_ONCE, maxWaiting: MAX_WAITING });
	let nobodys: Promise<string> | undefined;

	return {
		hash: (password) => queue(() => hash(normal(password), STRENGTH)),
		async matches(known, password) {
			nobodys ??= hash(NOBODY_S, STRENGTH);
			const against = known ?? (await nobodys);
			const isRight = await queue(() => verify(against, normal(password)));
			return isRight && known !== null && known !== undefined;
		},
		isOld: (known) => !known.startsWith(PREFIX),
	};
}

/** The same password typed on another keyboard may come in other code points. */
function normal(password: string): string {
	return password.normalize('NFKC');
}

/**
 * Length is what counts; a mixture of kinds of characters is not asked for (NIST SP 800-63B).
 *
 * @throws InputError with what is wrong
 */
export function checkPassword(
	password: string,
	{ email, path = '$.password' }: { email: string; path?: string },
): void {
	const fault = faultOf(password, normalEmail(email));
	if (fault !== undefined) throw new InputError(`The password ${fault}.`, [{ path, message: fault }]);
}

function faultOf(password: string, email: string): string | undefined {
	const { length } = [...password];
	if (length < SHORTEST) return `has ${length} characters: take ${SHORTEST} or more, for example four words`;
	if (length > LONGEST) return `has more than ${LONGEST} characters`;
	const lower = normal(password).toLowerCase();
	if (new Set(lower).size < 5) return 'repeats a few characters only';
	const [name = ''] = email.split('@');
	if (lower === email || (name.length > 3 && lower.replaceAll(/[\d\W_]/g, '') === name.replaceAll(/[\d\W_]/g, '')))
		return 'is your address';
	return undefined;
}
