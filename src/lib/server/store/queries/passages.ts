import type { Sites } from '#contracts/rights.ts';
import type { Connection, Parameters } from '../connection.ts';
import type { KnowledgeRecords, PassageName, ShownPassage } from '../port-knowledge.ts';

type Passages = Omit<KnowledgeRecords, 'insertLogs' | 'logs'>;
// A row that an insert of unknown outcome has left twice is the same row: it is passed over here, since FINAL costs every question.
type Scored = ShownPassage & { readonly score: number };

const MOST_WORDS = 300;
const NEAREST_WORDS = 3;
const SHOWN = 'edition, passage, heading, page, text';

export function createPassages(connection: Connection): Passages {
	const read = <T>(doing: string, sql: string, params: Parameters = {}) => connection.rows<T>({ doing, sql, params });
	return {
		insertPassages: ({ token, passages }) => connection.insertJson({ table: 'passages', rows: passages, token }),
		insertVectors: ({ token, model, vectors }) =>
			connection.insertJson({ table: 'passage_vectors', rows: vectors.map((one) => ({ model, ...one })), token }),
		editions: (model) => readEditions(connection, model),
		passagesWithout: (edition, model, limit) =>
			read<ShownPassage>(
				'read passages without vectors',
				`SELECT ${SHOWN} FROM passages FINAL WHERE edition = {edition:UInt32} AND passage NOT IN
					(SELECT passage FROM passage_vectors WHERE model = {model:String} AND edition = {edition:UInt32})
				ORDER BY passage LIMIT {limit:UInt32}`,
				{ edition, model, limit },
			),
		async removeEditions(editions) {
			if (editions.length === 0) return;
			for (const table of ['passages', 'passage_vectors'])
				await connection.command(`ALTER TABLE ${table} DELETE WHERE edition IN (${listOf(editions)})`);
		},
		async termCounts(terms, { editions }) {
			if (terms.length === 0 || editions.length === 0) return terms.map(() => 0);
			const [row] = await read<{ counts: readonly (string | number)[] }>(
				'count the passages of terms',
				`SELECT sumForEach(arrayMap(q -> toUInt64(has(terms, q)), {terms:Array(String)})) AS counts FROM passages
				WHERE hasAnyTokens(terms, {terms:Array(String)}) AND edition IN (${listOf(editions)})`,
				{ terms },
			);
			return terms.map((_, i) => Number(row?.counts[i] ?? 0));
		},
		async passagesByTerms({ editions, terms, weights, meanTerms, limit }) {
			if (terms.length === 0 || editions.length === 0) return [];
			const tf = 'countEqual(terms, q)';
			const norm = `1.2 * (0.25 + 0.75 * length(terms) / ${Math.max(meanTerms, 1)})`;
			return read<Scored>(
				'search passages',
				`SELECT ${SHOWN}, arraySum((q, w) -> w * 2.2 * ${tf} / (${tf} + ${norm}), {terms:Array(String)},
					[${weights.map(Number).join(', ')}]) AS score FROM passages
				WHERE hasAnyTokens(terms, {terms:Array(String)}) AND edition IN (${listOf(editions)})
				ORDER BY score DESC, edition, passage LIMIT 1 BY edition, passage LIMIT {limit:UInt32}`,
				{ terms, limit },
			);
		},
		async passagesByVector({ editions, model, vector, limit }) {
			const nothing = { found: [], usual: { count: 0, quartiles: [0, 0, 0] as const } };
			if (editions.length === 0) return nothing;
			// Of this model all have one dimension; one that has not is no neighbour.
			const scored = `SELECT edition, passage, 1 - cosineDistance(vector, [${vector.map(Number).join(', ')}]) AS score
				FROM passage_vectors WHERE model = {model:String} AND edition IN (${listOf(editions)})
					AND length(vector) = {dimension:UInt32}`;
			const params = { model, dimension: vector.length, limit };
			const [nearest, [usual]] = await Promise.all([
				read<PassageName & { readonly score: number }>(
					'search vectors',
					`${scored} ORDER BY score DESC, edition, passage LIMIT 1 BY edition, passage LIMIT {limit:UInt32}`,
					params,
				),
				read<{ readonly n: number | string; readonly quartiles: readonly [number, number, number] }>(
					'compare vectors',
					`SELECT count() AS n, quantiles(0.25, 0.5, 0.75)(score) AS quartiles FROM (${scored})`,
					params,
				),
			]);
			if (nearest.length === 0) return nothing;
			const names = nearest.map(({ edition, passage }) => `(${Number(edition)}, ${Number(passage)})`).join(', ');
			const shown = await read<ShownPassage>(
				'read passages',
				`SELECT ${SHOWN} FROM passages WHERE (edition, passage) IN (${names})`,
			);
			const found = nearest.flatMap(({ edition, passage, score }) => {
				const one = shown.find((row) => row.edition === edition && row.passage === passage);
				return one === undefined ? [] : [{ ...one, score }];
			});
			return { found, usual: { count: Number(usual?.n ?? 0), quartiles: usual?.quartiles ?? [0, 0, 0] } };
		},
		async wordsLike(sites, prefixes) {
			if (prefixes.length === 0 || isNone(sites)) return [];
			const begins = prefixes.map((_, i) => `startsWith(word, {prefix${i}:String})`).join(' OR ');
			const params = Object.fromEntries(prefixes.map((prefix, i) => [`prefix${i}`, prefix]));
			const rows = await read<{ word: string }>(
				'read words',
				`SELECT word FROM words WHERE (${begins}) ${ofSites(sites)} GROUP BY word ORDER BY sum(n) DESC LIMIT ${MOST_WORDS}`,
				{ ...params, ...(sites === 'all' ? {} : { sites }) },
			);
			return rows.map(({ word }) => word);
		},
		async wordsNear(sites, word, maxDistance) {
			if (isNone(sites)) return [];
			const rows = await read<{ word: string }>(
				'read words of like spelling',
				`SELECT word, damerauLevenshteinDistance(word, {word:String}) AS distance FROM words
				WHERE abs(toInt32(length(word)) - toInt32(length({word:String}))) <= {most:UInt8} AND distance <= {most:UInt8}
					${ofSites(sites)}
				GROUP BY word ORDER BY distance, sum(n) DESC LIMIT ${NEAREST_WORDS}`,
				{ word, most: maxDistance, ...(sites === 'all' ? {} : { sites }) },
			);
			return rows.map((row) => row.word);
		},
	};
}

async function readEditions(
	connection: Connection,
	model: string,
): Promise<ReadonlyMap<number, { readonly passages: number; readonly vectors: number }>> {
	const rows = await connection.rows<{ edition: number; passages: string | number; vectors: string | number }>({
		doing: 'count the passages of documents',
		sql: `SELECT edition, sum(p) AS passages, sum(v) AS vectors FROM (
				SELECT edition, uniqExact(passage) AS p, 0 AS v FROM passages GROUP BY edition
				UNION ALL
				SELECT edition, 0 AS p, uniqExact(passage) AS v FROM passage_vectors WHERE model = {model:String} GROUP BY edition
			) GROUP BY edition`,
		params: { model },
	});
	return new Map(
		rows.map(({ edition, passages, vectors }) => [edition, { passages: Number(passages), vectors: Number(vectors) }]),
	);
}

/** Whole numbers only, so they may stand in the statement: thousands of them are too long for a parameter. */
function listOf(numbers: readonly number[]): string {
	return numbers.map((n) => Math.trunc(Number(n))).join(', ');
}

function ofSites(sites: Sites): string {
	return sites === 'all' ? '' : 'AND site IN {sites:Array(String)}';
}

function isNone(sites: Sites): boolean {
	return sites !== 'all' && sites.length === 0;
}
