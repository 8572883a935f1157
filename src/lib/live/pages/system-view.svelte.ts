import type { ApiSystem } from '#contracts/system.ts';
import type { Api } from '#lib/live/api.ts';
import { ApiError } from '#lib/live/api.ts';

/** How the server is, asked for again every two seconds while somebody looks. */
export interface SystemView {
	/** The newest answer; undefined until there is one. */
	readonly report: ApiSystem | undefined;
	/** Why there is no newer one; empty while there is. */
	readonly fault: string;
	/** This reader sees one site and not the server. */
	readonly isForbidden: boolean;
	stop(): void;
}

const EVERY_MS = 2000;

export function createSystemView(api: Pick<Api, 'system'>): SystemView {
	let report = $state.raw<ApiSystem | undefined>();
	let fault = $state('');
	let isForbidden = $state(false);
	let stopped = false;
	let timer: ReturnType<typeof setTimeout> | undefined;

	async function look(): Promise<void> {
		try {
			report = await api.system();
			fault = '';
		} catch (error) {
			isForbidden = error instanceof ApiError && error.status === 403;
			fault = error instanceof Error ? error.message : String(error);
		}
		if (!stopped && !isForbidden) timer = setTimeout(() => void look(), EVERY_MS);
	}

	void look();
	return {
		get report() {
			return report;
		},
		get fault() {
			return fault;
		},
		get isForbidden() {
			return isForbidden;
		},
		stop() {
			stopped = true;
			clearTimeout(timer);
		},
	};
}
