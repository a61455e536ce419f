import type { Mode } from "./Mode";
export type ForeignRow = { entry: string, entries: Array<string>, tenantId: string | null, userUuid: string | null, mode: Mode | null, host: string | null, isLeft: boolean, };
