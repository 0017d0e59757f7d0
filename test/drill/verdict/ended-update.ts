/** What a drill reads of an update as the API shows it. */
export interface EndedUpdate {
  id: string;
  status: string;
  message: string | null;
  error_type: string | null;
  old_digest: string | null;
  new_digest: string | null;
  downtime_ms: number | null;
  completed_at: string | null;
  events: Array<{ seq: number; step: string; state: string; cause: string }>;
}
