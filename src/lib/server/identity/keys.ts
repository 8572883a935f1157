import { covers, type Who } from '#contracts/principal.ts';
import { MICROS_PER_SECOND, type NowMicros } from '#contracts/time.ts';
import { rightsOfScopes, rightsOn } from '#contracts/rights.ts';
import type { ApiKey } from '../metadata/port-people.ts';
import type { Metadata } from '../metadata/port.ts';
import { managedBy } from './manage.ts';
import { Refusal, type Identity } from './port.ts';
import { actorOf, whoOfKey } from './who.ts';

const USED_EVERY_MICROS = 60 * MICROS_PER_SECOND;

/** API keys: who makes one gives nothing that it does not have there. */
export function createKeyring({
	metadata,
	now,
	changed,
}: {
	readonly metadata: Pick<Metadata, 'keys'>;
	readonly now: NowMicros;
	readonly changed: () => void;
}): Pick<Identity, 'keys' | 'createKey' | 'removeKey' | 'ofKey'> {
	const { keys } = metadata;

	async function known(who: Who, id: string): Promise<ApiKey> {
		const key = /^[1-9]\d{0,9}$/.test(id) ? await keys.get(Number(id)) : undefined;
		if (!key || !covers(managedBy(who), key.site)) throw new Refusal('missing', 'There is no such key.');
		return key;
	}

	return {
		keys: (who) => keys.list(managedBy(who)),
		async createKey(who, wanted, from) {
			if (!covers(managedBy(who), wanted.site)) throw new Refusal('forbidden', `This is not your site: ${wanted.site}`);
			const scope = wanted.scopes.find((one) => !holdsAll(who, one, wanted.site));
			if (scope) throw new Refusal('forbidden', `You cannot give the scope "${scope}", which you do not have.`);
			const secret = await keys.create({ ...wanted, by: actorOf(who, from) });
			const key = await keys.find(secret);
			if (!key) throw new Error('a key is gone in the moment in which it was made');
			return { secret, key };
		},
		async removeKey(who, id, from) {
			const key = await known(who, id);
			await keys.remove(key.id, actorOf(who, from));
			changed();
		},
		async ofKey(secret) {
			const key = await keys.find(secret);
			const atMicros = now();
			if (!key || (key.expiresMicros !== null && key.expiresMicros <= atMicros)) return undefined;
			if (atMicros - (key.usedMicros ?? -Infinity) > USED_EVERY_MICROS) await keys.used(key.id, atMicros);
			return whoOfKey(key);
		},
	};
}

function holdsAll(who: Who, scope: ApiKey['scopes'][number], site: string): boolean {
	return rightsOfScopes([scope]).every((right) => covers(rightsOn(who.rights, right), site));
}
