import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Files that take long for what they have to wait for, longest first. A fresh clone knows no durations and goes by size, so
 * that one of these might run alone at the end while the other core is idle.
 */
const LONG = [
	'tests/chaos/kill.test.ts',
	'tests/process/backup.test.ts',
	'tests/e2e/resume.test.ts',
	'tests/e2e/wall.test.ts',
	'tests/e2e/overview.test.ts',
	'tests/chaos/mqtt.test.ts',
	'collectors/mqtt/index.test.ts',
	'src/lib/server/knowledge/knowledge.test.ts',
	'src/lib/server/store/client.test.ts',
	'src/lib/server/store/writer.test.ts',
	'src/lib/server/trials.test.ts',
	'collectors/opcua/index.test.ts',
	'collectors/kit/kill.test.ts',
	'src/lib/server/engine/plans/plans.test.ts',
	'src/lib/server/store/writer.kill.test.ts',
	'collectors/kit/damage.test.ts',
];

/** As vitest's own, but these come first in each project. */
export class LongFirst extends BaseSequencer {
	override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
		const sorted = await super.sort(files);
		const place = ({ moduleId }: TestSpecification) => {
			const at = LONG.findIndex((name) => moduleId.endsWith(`/${name}`));
			return at === -1 ? LONG.length : at;
		};
		const projects = [...new Set(sorted.map(({ project }) => project.name))];
		return projects.flatMap((name) =>
			sorted.filter(({ project }) => project.name === name).toSorted((a, b) => place(a) - place(b)),
		);
	}
}
