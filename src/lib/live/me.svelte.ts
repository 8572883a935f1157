import { getContext, setContext } from 'svelte';
import type { ApiMe } from '#contracts/access.ts';
import { covers } from '#contracts/principal.ts';
import { rightsOn, type Right, type Sites } from '#contracts/rights.ts';
import { createAccessApi, type AccessApi } from '#lib/live/pages/access-api.ts';

/** Who looks at these pages, asked once: another session is another page load. */
export interface Me {
	readonly access: AccessApi;
	/** Undefined until it is known, and while nobody is signed in. */
	readonly who: ApiMe | undefined;
	/** Whether there are accounts; undefined until it is known. */
	readonly isSetUp: boolean | undefined;
	/** Somewhere, or on this site. What is not offered here the server would refuse. */
	may(right: Right, site?: string): boolean;
	sitesOf(right: Right): Sites;
}

const KEY = Symbol('me');

export function setMe(me: Me): Me {
	return setContext(KEY, me);
}

export function getMe(): Me {
	return getContext<Me>(KEY);
}

export function createMe(): Me {
	const access = createAccessApi((input, init) => fetch(input, init));
	let who = $state.raw<ApiMe | undefined>();
	let isSetUp = $state<boolean | undefined>();

	async function load(): Promise<void> {
		// Nobody signed in, or nobody answers: the page says so by itself.
		isSetUp = await access.isSetUp().catch(() => undefined);
		who = await access.me().catch(() => undefined);
	}

	void load();
	return {
		access,
		get who() {
			return who;
		},
		get isSetUp() {
			return isSetUp;
		},
		may(right, site) {
			const sites = rightsOn(who?.rights ?? {}, right);
			return site === undefined ? sites === 'all' || sites.length > 0 : covers(sites, site);
		},
		sitesOf: (right) => rightsOn(who?.rights ?? {}, right),
	};
}
