import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe } from 'vitest';
import { actsContract } from './contract-acts.ts';
import { alertsContract } from './contract-alerts.ts';
import { annotationsContract } from './contract-annotations.ts';
import { accountsContract } from './contract-accounts.ts';
import { casesContract } from './contract-cases.ts';
import { documentsContract } from './contract-documents.ts';
import { eventsContract } from './contract-events.ts';
import { keysContract } from './contract-keys.ts';
import { rcaContract } from './contract-rca.ts';
import { recordingsContract } from './contract-recordings.ts';
import { streamsContract } from './contract-streams.ts';
import type { Subject } from './contract-subject.ts';
import { violationsContract } from './contract-violations.ts';
import type { Metadata } from './port.ts';

export interface MetadataUnderTest {
	readonly name: string;
	/** Opens the metadata of a folder; the same folder holds the same again after a close. */
	readonly open: (folder: string) => Promise<Metadata>;
}

/** What every implementation of the metadata has to do. */
export function metadataContract({ name, open }: MetadataUnderTest): void {
	describe(`metadata contract: ${name}`, () => {
		let folder: string;
		let metadata: Metadata;
		beforeEach(async () => {
			folder = await mkdtemp(join(tmpdir(), 'metadata-'));
			metadata = await open(folder);
		});
		afterEach(async () => {
			await metadata.close();
			await rm(folder, { recursive: true });
		});
		const subject: Subject = {
			metadata: () => metadata,
			async reopen() {
				await metadata.close();
				metadata = await open(folder);
			},
		};
		streamsContract(subject);
		violationsContract(subject);
		describe('cases', () => casesContract(subject));
		describe('alerts', () => alertsContract(subject));
		keysContract(subject);
		accountsContract(subject);
		actsContract(subject);
		annotationsContract(subject);
		eventsContract(subject);
		documentsContract(subject);
		rcaContract(subject);
		recordingsContract(subject);
	});
}
