import { z } from '@hono/zod-openapi';
import type { BackupState } from '#server/backup/port.ts';
import type { HttpPorts } from '#server/http/ports.ts';
import { notFound } from '#server/http/problem.ts';
import { answer, type AnswerRoute } from '#server/http/route.ts';

const backupSchema = z
	.strictObject({
		id: z.string(),
		state: z.enum(['running', 'done', 'failed']),
		step: z.string().openapi({ description: 'What it is at now' }),
		startedAt: z.string(),
		endedAt: z.string().nullable(),
		folder: z.string().nullable().openapi({ description: 'On the machine of the server, in its data folder' }),
		bytes: z.number(),
		error: z.string().nullable(),
	})
	.openapi('Backup') satisfies z.ZodType<BackupState>;

/** A backup is of all sites, so only for who sees all of them. */
export function backupRoutes({ backups }: HttpPorts): AnswerRoute[] {
	const common = { access: 'admin', everySite: true, tag: 'System' } as const;
	return [
		answer({
			...common,
			method: 'POST',
			path: '/api/v1/backups',
			summary: 'Begin a backup inside of the data folder; `sigmascope backup` takes it from there',
			output: { status: 202, schema: backupSchema },
			problems: { 503: 'Another one is being made' },
			handle: () => ({ body: backups.begin() }),
		}),
		answer({
			...common,
			method: 'GET',
			path: '/api/v1/backups/newest',
			summary: 'How the newest backup is getting on',
			output: { schema: backupSchema },
			handle() {
				const last = backups.last();
				if (last === undefined) throw notFound('backup');
				return { body: last };
			},
		}),
	];
}
