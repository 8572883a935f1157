import { createHash } from 'node:crypto';
import { normalEmail } from '#contracts/email.ts';
import type { Who } from '#contracts/principal.ts';
import { MICROS_PER_SECOND, type NowMicros } from '#contracts/time.ts';
import type { Account } from '../metadata/port-people.ts';
import type { Metadata } from '../metadata/port.ts';
import {
	managedBy,
	mayKnow,
	mayManage,
	mergedGrants,
	refuseUnlessGiveable,
	refuseUnlessMine,
	shownTo,
} from './manage.ts';
import { checkPassword, type Passwords } from './passwords.ts';
import { Refusal, type Identity, type Person } from './port.ts';
import type { Sessions } from './sessions.ts';
import { accountIdOf, actorOf, personId } from './who.ts';

export interface PeopleParts {
	readonly metadata: Pick<Metadata, 'accounts' | 'sessions' | 'links' | 'acts'>;
	readonly passwords: Passwords;
	readonly sessions: Sessions;
	readonly now: NowMicros;
	readonly random: (bytes: number) => Uint8Array;
	readonly changed: () => void;
	readonly isSetUp: () => boolean;
	/** An owner has a password now. */
	readonly onOwner: () => void;
}

const SECRET_BYTES = 32;
const INVITE_MICROS = 7 * 86_400 * MICROS_PER_SECOND;
const RESET_MICROS = 3600 * MICROS_PER_SECOND;

type People = Pick<
	Identity,
	'people' | 'invite' | 'changePerson' | 'removePerson' | 'resetPerson' | 'endSessionsOf' | 'lookAtLink' | 'useLink'
>;

/** People and the links by which they set their passwords. */
export function createPeople(parts: PeopleParts): People {
	const { metadata, changed } = parts;
	const { accounts } = metadata;

	/** @throws Refusal when there is none, as far as `who` may know */
	async function known(who: Who, id: string): Promise<Account> {
		const account = /^[1-9]\d{0,9}$/.test(id) ? await accounts.get(Number(id)) : undefined;
		if (!account || !mayKnow(who, account)) throw new Refusal('missing', 'There is no such person.');
		return account;
	}

	async function mine(who: Who, id: string): Promise<Account> {
		const account = await known(who, id);
		refuseUnlessMine(who, account);
		return account;
	}

	async function link(account: Account, kind: 'invite' | 'reset', by: ReturnType<typeof actorOf>): Promise<string> {
		const secret = Buffer.from(parts.random(SECRET_BYTES)).toString('base64url');
		const expiresMicros = parts.now() + (kind === 'invite' ? INVITE_MICROS : RESET_MICROS);
		const site = oneSite(account);
		await metadata.links.add({ hash: hashOf(secret), accountId: account.id, kind, expiresMicros, site, by });
		return secret;
	}

	async function toPerson(who: Who, account: Account): Promise<Person> {
		const sessions = await metadata.sessions.of(account.id);
		return {
			id: String(account.id),
			name: account.name,
			email: account.email,
			grants: account.grants.filter((grant) => shownTo(who, grant)),
			state: account.isDisabled ? 'disabled' : account.hasPassword ? 'active' : 'invited',
			seenMicros: sessions.length === 0 ? null : Math.max(...sessions.map(({ seenMicros }) => seenMicros)),
			isMine: mayManage(who, account),
		};
	}

	async function refuseIfLastOwner(account: Account): Promise<void> {
		if (!isOwning(account)) return;
		const others = (await accounts.all()).filter((one) => one.id !== account.id && isOwning(one) && one.hasPassword);
		if (others.length === 0) throw new Refusal('conflict', 'This is the only owner: make another one first.');
	}

	return {
		async people(who) {
			const all = (await accounts.all()).filter((account) => mayKnow(who, account));
			return Promise.all(all.map((account) => toPerson(who, account)));
		},
		async invite(who, { email, name, grants }, from) {
			refuseUnlessGiveable(who, grants);
			// Until an owner can sign in, pages ask for the start link and not for a password.
			if (!parts.isSetUp() && !grants.some(({ role }) => role === 'owner'))
				throw new Refusal('conflict', 'Create the first account, the owner’s, before you invite others.');
			const by = actorOf(who, from);
			const made = await accounts.create({ email: normalEmail(email), name, grants, password: null }, by);
			if (made) return { person: await toPerson(who, made), secret: await link(made, 'invite', by) };
			const there = (await accounts.byEmail(email))?.account;
			if (!there) throw new Refusal('conflict', 'Somebody changed this account at the same moment: look again.');
			const sites = new Set(grants.map(({ site }) => site));
			const kept = there.grants.filter(({ site }) => !sites.has(site));
			const merged = mergedGrants(who, there, [...kept, ...grants]);
			const account = (await accounts.change(there.id, { grants: merged }, by)) ?? there;
			changed();
			return { person: await toPerson(who, account), secret: null };
		},
		async changePerson(who, id, { name, isDisabled, grants }, from) {
			const before = await known(who, id);
			if (name !== undefined || isDisabled !== undefined) refuseUnlessMine(who, before);
			if (grants) refuseUnlessGiveable(who, grants);
			if (managedBy(who) !== 'all' && grants && !before.grants.some((grant) => shownTo(who, grant)))
				throw new Refusal('missing', 'There is no such person.');
			const merged = grants && mergedGrants(who, before, grants);
			const after = { ...before, grants: merged ?? before.grants, isDisabled: isDisabled ?? before.isDisabled };
			if (!isOwning(after)) await refuseIfLastOwner(before);
			const change = {
				...(name !== undefined && { name }),
				...(isDisabled !== undefined && { isDisabled }),
				...(merged && { grants: merged }),
			};
			const account = await accounts.change(before.id, change, actorOf(who, from));
			changed();
			if (!account) throw new Refusal('missing', 'There is no such person.');
			return toPerson(who, account);
		},
		async removePerson(who, id, from) {
			const account = await mine(who, id);
			await refuseIfLastOwner(account);
			await accounts.remove(account.id, actorOf(who, from));
			changed();
		},
		async resetPerson(who, id, from) {
			const account = await mine(who, id);
			if (account.isDisabled) throw new Refusal('conflict', `${account.name} may not sign in: allow that first.`);
			return link(account, account.hasPassword ? 'reset' : 'invite', actorOf(who, from));
		},
		async endSessionsOf(who, id, from) {
			const account = await mine(who, id);
			await metadata.sessions.removeOf(account.id, accountIdOf(who) === account.id ? who.session : undefined);
			const subject = personId(account.id);
			await metadata.acts.add({ by: actorOf(who, from), act: 'sessions.end', subject, site: oneSite(account) });
			changed();
		},
		async lookAtLink(secret) {
			const found = await metadata.links.find(hashOf(secret));
			return found && { kind: found.kind, email: found.account.email, name: found.account.name };
		},
		async useLink(secret, password, from) {
			const hash = hashOf(secret);
			const found = await metadata.links.find(hash);
			if (!found || found.account.isDisabled) return undefined;
			checkPassword(password, found.account);
			// The slow part first: between taking the link and setting the password nothing may fail.
			const hashed = await parts.passwords.hash(password);
			const accountId = await metadata.links.take(hash);
			if (accountId === undefined) return undefined;
			const by = { name: found.account.name, id: personId(accountId), address: from.address };
			await accounts.setPassword(accountId, hashed, by);
			changed();
			const account = await accounts.get(accountId);
			if (account && isOwning(account)) parts.onOwner();
			return account && { account, secret: await parts.sessions.begin(account, from) };
		},
	};
}

export function isOwning({ grants, isDisabled }: Account): boolean {
	return !isDisabled && grants.some(({ role }) => role === 'owner');
}

function oneSite({ grants }: Account): string | null {
	const [first, ...more] = grants;
	return first && more.length === 0 && first.site !== '*' ? first.site : null;
}

function hashOf(secret: string): string {
	return createHash('sha256').update(secret).digest('hex');
}
