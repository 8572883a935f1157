import { RetriableError } from '#contracts/error.ts';
import type { Metadata } from '../metadata/port.ts';
import type { SealedSecret } from '../metadata/port-secrets.ts';
import { VaultError, type KeptSecrets, type Vault } from './port.ts';

const aboutOf = (name: string) => `secret ${name}`;

/** Secrets by name: sealed in the database and in memory, open only for the moment in which one is used. */
export function createKeptSecrets({
	metadata: { secrets },
	vault,
}: {
	readonly metadata: Pick<Metadata, 'secrets'>;
	readonly vault: Vault;
}): KeptSecrets {
	let kept: ReadonlyMap<string, SealedSecret> = new Map();

	async function load(): Promise<void> {
		kept = new Map((await secrets.list()).map((one) => [one.name, one]));
	}

	/** One whose key is not here is told of where it is used: points are kept and judged without it. */
	function opened(name: string, sealed: string): string | undefined {
		try {
			return vault.open(sealed, aboutOf(name));
		} catch (error) {
			if (error instanceof VaultError) return undefined;
			throw error;
		}
	}

	/** What an older key sealed is sealed by the newest: then that key may go. */
	async function renew(): Promise<void> {
		for (const { name, sealed } of kept.values()) {
			const open = vault.isOld(sealed) ? opened(name, sealed) : undefined;
			if (open !== undefined) await secrets.reseal(name, vault.seal(open, aboutOf(name)));
		}
		await load();
	}

	return {
		async start() {
			await load();
			await renew();
		},
		list: () => [...kept.values()].map(({ name, atMicros, by }) => ({ name, atMicros, by })),
		reveal(name) {
			const found = kept.get(name);
			if (!found) throw new RetriableError(`there is no secret "${name}": enter it on the page Alerts`);
			return vault.open(found.sealed, aboutOf(name));
		},
		async put(name, secret, by) {
			await secrets.put(name, vault.seal(secret, aboutOf(name)), by);
			await load();
		},
		async remove(name, by) {
			const done = await secrets.remove(name, by);
			await load();
			return done;
		},
	};
}
