import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Config } from '#contracts/config.ts';
import type { NowMicros } from '#contracts/time.ts';
import { createAlerts } from './alerts/alerts.ts';
import type { DataFolder } from './data-folder.ts';
import { createDialer } from './dial/dialer.ts';
import { createPictures } from './export/pictures/pictures.ts';
import type { Metadata } from './metadata/port.ts';
import { readVaultKeys } from './vault/key-file.ts';
import { createKeptSecrets } from './vault/kept-secrets.ts';
import { createVault } from './vault/vault.ts';

/** Who is told, with what an alert takes along: secrets of channels, pictures of charts, and a dialer that checks addresses. */
export function composeAlerts(of: {
	readonly config: Config['alerts'];
	readonly metadata: Metadata;
	readonly folder: DataFolder;
	/** Networks that addresses may lead into though a person typed them. */
	readonly allow: readonly string[];
	readonly publicUrl: string | undefined;
	readonly log: Logger;
	readonly registry: Registry;
	readonly now: NowMicros;
	readonly nowMs: () => number;
}) {
	const { config, metadata, folder, publicUrl, log, registry, now, nowMs } = of;
	const dialer = createDialer({ allow: of.allow });
	const pictures = createPictures();
	const secrets = createKeptSecrets({ metadata, vault: createVault(readVaultKeys(folder.vaultKey)) });
	const alerts = createAlerts({
		...{ secrets, metadata, dialer, config, publicUrl, pictures, now, nowMs, log, registry },
		linkKey: folder.linkKey(),
		readFile: (path) => readFileSync(path, 'utf8'),
		random: Math.random,
		timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
	});
	return {
		alerts,
		secrets,
		pictures,
		async start() {
			await secrets.start();
			await alerts.start();
		},
		async stop() {
			await alerts.stop();
			await pictures.stop();
			await dialer.close();
		},
	};
}
