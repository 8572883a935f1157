import { createBucket } from '#contracts/bucket.ts';
import { InputError } from '#contracts/error.ts';
import { EVERY_SITE, type Who } from '#contracts/principal.ts';
import type { NowMicros } from '#contracts/time.ts';
import type { Actor } from '../metadata/port-acts.ts';
import type { Account, NewAccount } from '../metadata/port-people.ts';
import type { Metadata } from '../metadata/port.ts';
import { createDisplays } from './displays.ts';
import { createKeyring } from './keys.ts';
import { managedBy } from './manage.ts';
import { checkPassword, createPasswords } from './passwords.ts';
import { createPeople, isOwning } from './people.ts';
import { Refusal, type Credentials, type Identity, type SessionInfo } from './port.ts';
import { createSessions } from './sessions.ts';
import { createSignIn } from './sign-in.ts';
import { accountIdOf, actorOf, whoOfAccount } from './who.ts';

export interface IdentityOptions {
	readonly metadata: Pick<Metadata, 'accounts' | 'sessions' | 'links' | 'keys' | 'acts'>;
	readonly now: NowMicros;
	readonly random: (bytes: number) => Uint8Array;
	/** Where somebody writes who may write to every site. */
	readonly defaultSite: string;
	/** The first account has been made: what opened the door until now has to end. */
	readonly onSetUp: () => void;
}

export interface IdentityPart extends Identity {
	/** Before the first request. @param owner of the environment: made unless there is an account already */
	start(owner: Credentials | undefined): Promise<void>;
}

const TIDY_EVERY_ATTEMPTS = 100;

export function createIdentity(options: IdentityOptions): IdentityPart {
	const { metadata, now, random, defaultSite } = options;
	const { accounts } = metadata;
	const passwords = createPasswords();
	const sessions = createSessions({ metadata, now, random });
	const signIn = createSignIn({ metadata, passwords, sessions, now });
	const listeners = new Set<() => void>();
	const changed = () => listeners.forEach((listener) => listener());
	const people = createPeople({ metadata, passwords, sessions, now, random, changed, isSetUp: () => isSetUp, onOwner });
	const changes = createBucket({
		burst: 10,
		perMinute: 5,
		now,
		message: 'Too many attempts. Wait a moment, then try again.',
	});
	let isSetUp = false;
	let attempts = 0;

	async function makeOwner({ email, password, name }: Credentials & { readonly name: string }, by: Actor) {
		checkPassword(password, { email });
		const grants: NewAccount['grants'] = [{ site: EVERY_SITE, role: 'owner' }];
		const hashed = await passwords.hash(password);
		const account = await accounts.create({ email, name, grants, password: hashed, ifFirst: true }, by);
		if (!account) throw new Refusal('conflict', 'There is an account already: sign in with it.');
		onOwner();
		return account;
	}

	/** An owner can sign in from now on: whatever opened the door until then ends. */
	function onOwner(): void {
		if (isSetUp) return;
		isSetUp = true;
		options.onSetUp();
		changed();
	}

	async function own(who: Who): Promise<Account> {
		const id = accountIdOf(who);
		const account = id === undefined ? undefined : await accounts.get(id);
		if (!account) throw new Refusal('conflict', 'This is for people who are signed in, not for keys.');
		return account;
	}

	async function sessionsOf(who: Who): Promise<SessionInfo[]> {
		const id = accountIdOf(who);
		if (id === undefined) return [];
		const all = await metadata.sessions.of(id);
		return all
			.filter(({ expiresMicros, endsMicros }) => Math.min(expiresMicros, endsMicros) > now())
			.map((one) => ({ ...one, isThis: one.id === who.session }));
	}

	const keyring = createKeyring({ metadata, now, changed });

	return {
		...people,
		...keyring,
		...createDisplays({ createKey: keyring.createKey, now, random }),
		async start(owner) {
			const all = await accounts.all();
			isSetUp = all.some((account) => account.hasPassword && isOwning(account));
			if (all.length > 0 || !owner) return;
			const by = { name: 'SIGMASCOPE_OWNER_EMAIL', id: null, address: null };
			await makeOwner({ ...owner, name: owner.email.split('@')[0] ?? owner.email }, by);
		},
		isSetUp: () => isSetUp,
		onChange(listener) {
			listeners.add(listener);
			return () => void listeners.delete(listener);
		},
		async setUp(owner, from) {
			const account = await makeOwner(owner, { name: owner.name, id: 'start-link', address: from.address });
			return { account, secret: await sessions.begin(account, from) };
		},
		async signIn(credentials, from) {
			if (attempts++ % TIDY_EVERY_ATTEMPTS === 0) await sessions.tidy();
			return signIn(credentials, from);
		},
		async signOut(who, from) {
			if (who.session === undefined) return;
			await metadata.sessions.remove(who.session);
			await metadata.acts.add({ by: actorOf(who, from), act: 'sign-out', subject: who.id, site: null });
			changed();
		},
		async ofSession(secret) {
			const found = await sessions.find(secret);
			return found && whoOfAccount(found.account, found.session, defaultSite);
		},
		sessions: sessionsOf,
		async endSession(who, id) {
			const found = (await sessionsOf(who)).some((session) => session.id === id);
			if (!found) throw new Refusal('missing', 'There is no such session.');
			await metadata.sessions.remove(id);
			changed();
		},
		async endOtherSessions(who) {
			await metadata.sessions.removeOf((await own(who)).id, who.session);
			changed();
		},
		async changePassword(who, { current, next }, from) {
			const account = await own(who);
			changes.take(who.id);
			const known = await accounts.byEmail(account.email);
			if (!(await passwords.matches(known?.password, current))) throw wrongPassword();
			checkPassword(next, { email: account.email, path: '$.next' });
			await accounts.setPassword(account.id, await passwords.hash(next), actorOf(who, from));
			changed();
			return { account, secret: await sessions.begin(account, from) };
		},
		audit: (who, filter) => metadata.acts.list({ ...filter, sites: managedBy(who) }),
		verifyAudit: metadata.acts.verify,
	};
}

function wrongPassword(): InputError {
	return new InputError('The present password is another one.', [{ path: '$.current', message: 'is another one' }]);
}
