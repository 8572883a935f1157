import { createBucket } from '#contracts/bucket.ts';
import { normalEmail } from '#contracts/email.ts';
import type { NowMicros } from '#contracts/time.ts';
import type { Metadata } from '../metadata/port.ts';
import type { Passwords } from './passwords.ts';
import type { Credentials, From, SignedIn } from './port.ts';
import type { Sessions } from './sessions.ts';
import { personId } from './who.ts';

export interface SignInParts {
	readonly metadata: Pick<Metadata, 'accounts' | 'acts'>;
	readonly passwords: Passwords;
	readonly sessions: Sessions;
	readonly now: NowMicros;
}

const message = 'Too many attempts to sign in. Wait a moment, then try again.';

/**
 * Sign-in by address and password.
 *
 * Attempts are counted per address of the account and machine together, so that whoever guesses from elsewhere does not
 * keep its owner out; beside that per machine, and far above what people do per account.
 */
export function createSignIn({ metadata, passwords, sessions, now }: SignInParts) {
	const perPair = createBucket({ burst: 10, perMinute: 10, now, message });
	const perMachine = createBucket({ burst: 60, perMinute: 60, now, message });
	const perAccount = createBucket({ burst: 200, perMinute: 100, now, message });

	function count(email: string, from: From): void {
		const machine = networkOf(from.address);
		perPair.take(`${machine} ${email}`);
		perMachine.take(machine);
		perAccount.take(email);
	}

	return async ({ email: typed, password }: Credentials, from: From): Promise<SignedIn | undefined> => {
		const email = normalEmail(typed);
		count(email, from);
		const found = await metadata.accounts.byEmail(email);
		const isOpen = found !== undefined && !found.account.isDisabled;
		const isRight = await passwords.matches(isOpen ? found.password : null, password);
		if (!found || !isRight) {
			// Somebody may have typed the password where the address goes: only addresses that exist are written down.
			const by = { name: found?.account.email ?? 'unknown', id: null, address: from.address };
			await metadata.acts.add({ by, act: 'sign-in.refused', subject: subjectOf(found?.account.id), site: null });
			return undefined;
		}
		const { account } = found;
		if (found.password !== null && passwords.isOld(found.password))
			await metadata.accounts.renewHash(account.id, await passwords.hash(password));
		const secret = await sessions.begin(account, from);
		const by = { name: account.name, id: personId(account.id), address: from.address };
		await metadata.acts.add({ by, act: 'sign-in', subject: subjectOf(account.id), site: null, detail: from.agent });
		return { secret, account };
	};
}

function subjectOf(accountId: number | undefined): string {
	return accountId === undefined ? 'server' : personId(accountId);
}

/** Of IPv6 the network: one machine has as many addresses in it as it likes. */
function networkOf(address: string): string {
	if (!address.includes(':') || address.includes('.')) return address;
	return address.split(':').slice(0, 4).join(':');
}
