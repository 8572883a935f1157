import type { Connection } from '../connection.ts';
import type { StoreSizes } from '../port.ts';

/** Of points and everything made of them. */
export async function readSizes(connection: Connection): Promise<StoreSizes> {
	const [sizes] = await connection.rows<Record<'rows' | 'bytes' | 'parts', string | number>>({
		doing: 'read the sizes of the tables',
		sql:
			"SELECT sumIf(rows, table = 'points') AS rows, sum(bytes_on_disk) AS bytes, count() AS parts " +
			'FROM system.parts WHERE active AND database = currentDatabase()',
	});
	return { rows: Number(sizes?.rows ?? 0), bytes: Number(sizes?.bytes ?? 0), parts: Number(sizes?.parts ?? 0) };
}
