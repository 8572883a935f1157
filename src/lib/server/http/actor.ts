import type { Who } from '#contracts/principal.ts';
import type { From } from '../identity/port.ts';
import type { Actor } from '../metadata/port-acts.ts';
import { known } from '#server/http/routes/sign-in-routes.ts';

/** Who did it, as the audit keeps it. */
export function actorOf(who: Who | undefined, { address }: Pick<From, 'address'>): Actor {
	const { name, id } = known(who);
	return { name, id, address };
}
