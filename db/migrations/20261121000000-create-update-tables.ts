import { Migration } from '@mikro-orm/migrations';
import { DEFAULT_TENANT_ID } from '../default-tenant.ts';

/** Tables for tenants, hosts, containers and their updates; the default tenant and the machine's own host. */
export class CreateUpdateTables extends Migration {
  override up(): void {
    // Trusted since PostgreSQL 13: the owner of the database may create it.
    this.addSql('create extension if not exists pg_trgm');

    this.addSql(`
      create table "tenants" (
        "id" uuid not null default gen_random_uuid(),
        "name" text not null,
        "slug" varchar(64) not null,
        "config" jsonb not null default '{}',
        "is_active" boolean not null default true,
        "created_at" timestamptz(3) not null default now(),
        primary key ("id")
      )
    `);
    this.addSql('alter table "tenants" add constraint "tenants_slug_unique" unique ("slug")');

    this.addSql(`
      create table "hosts" (
        "id" varchar(64) not null,
        "tenant_id" uuid not null,
        "name" text not null,
        "kind" varchar(32) not null,
        "state" text not null,
        "state_reason" text null,
        "engine_version" varchar(64) null,
        "labels" jsonb not null default '{}',
        "last_seen_at" timestamptz(3) null,
        "created_at" timestamptz(3) not null default now(),
        primary key ("id")
      )
    `);
    this.addSql('create index "hosts_tenant_id_index" on "hosts" ("tenant_id")');
    this.addSql(
      `alter table "hosts" add constraint "hosts_state_check" check ("state" in ('reachable', 'unreachable'))`,
    );
    this.addSql(
      'alter table "hosts" add constraint "hosts_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id")',
    );

    this.addSql(`
      create table "containers" (
        "id" uuid not null default gen_random_uuid(),
        "tenant_id" uuid not null,
        "host_id" varchar(64) not null,
        "name" varchar(255) not null,
        "image" text not null,
        "tag" varchar(128) not null default 'latest',
        "container_id" varchar(64) null,
        "status" text not null,
        "config_json" bytea null,
        "update_policy" varchar(32) not null,
        "policy" jsonb not null default '{}',
        "registry_url" text null,
        "registry_auth" bytea null,
        "health_check" jsonb null,
        "current_digest" varchar(71) null,
        "candidate" jsonb null,
        "first_seen_at" timestamptz(3) null,
        "verdict" text null,
        "verdict_reason" text null,
        "checked_at" timestamptz(3) null,
        "created_at" timestamptz(3) not null default now(),
        "updated_at" timestamptz(3) not null default now(),
        primary key ("id")
      )
    `);
    this.addSql('create index "containers_status_index" on "containers" ("status")');
    this.addSql('create index "containers_update_policy_index" on "containers" ("update_policy")');
    this.addSql('create index "containers_tenant_id_name_index" on "containers" ("tenant_id", "name")');
    this.addSql('create index "containers_name_trigram_index" on "containers" using gin ("name" gin_trgm_ops)');
    this.addSql('create index "containers_image_trigram_index" on "containers" using gin ("image" gin_trgm_ops)');
    this.addSql('alter table "containers" add constraint "containers_host_id_name_unique" unique ("host_id", "name")');
    this.addSql(
      `alter table "containers" add constraint "containers_status_check" check ("status" in ('running', 'stopped', 'paused', 'restarting', 'removed'))`,
    );
    this.addSql(
      `alter table "containers" add constraint "containers_verdict_check" check ("verdict" in ('outdated', 'up_to_date', 'local', 'pinned', 'quarantined', 'unresolvable', 'error'))`,
    );
    this.addSql(
      'alter table "containers" add constraint "containers_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id")',
    );
    this.addSql(
      'alter table "containers" add constraint "containers_host_id_foreign" foreign key ("host_id") references "hosts" ("id") on delete cascade',
    );

    this.addSql(`
      create table "quarantined_digests" (
        "id" uuid not null default gen_random_uuid(),
        "tenant_id" uuid not null,
        "container_id" uuid not null,
        "digest" varchar(71) not null,
        "update_id" uuid not null,
        "reason" text not null,
        "created_at" timestamptz(3) not null default now(),
        primary key ("id")
      )
    `);
    this.addSql('create index "quarantined_digests_tenant_id_index" on "quarantined_digests" ("tenant_id")');
    this.addSql(
      'alter table "quarantined_digests" add constraint "quarantined_digests_container_id_digest_unique" unique ("container_id", "digest")',
    );
    this.addSql(
      'alter table "quarantined_digests" add constraint "quarantined_digests_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id")',
    );
    this.addSql(
      'alter table "quarantined_digests" add constraint "quarantined_digests_container_id_foreign" foreign key ("container_id") references "containers" ("id") on delete cascade',
    );

    this.addSql(`
      create table "update_history" (
        "id" uuid not null,
        "tenant_id" uuid not null,
        "container_id" uuid not null,
        "old_image" text null,
        "new_image" text null,
        "old_digest" varchar(71) null,
        "new_digest" varchar(71) null,
        "status" text not null,
        "error_type" varchar(64) null,
        "error_message" text null,
        "message" text null,
        "duration_seconds" double precision null,
        "downtime_ms" int null,
        "triggered_by" text not null,
        "requested_by" text not null,
        "rollback_of" uuid null,
        "workflow_id" text not null,
        "run_id" varchar(64) null,
        "batch_id" uuid null,
        "log_tail" bytea null,
        "failed_exit_code" int null,
        "started_at" timestamptz(3) not null,
        "completed_at" timestamptz(3) null,
        primary key ("id")
      )
    `);
    this.addSql(
      'create index "update_history_container_id_started_at_index" on "update_history" ("container_id", "started_at" DESC)',
    );
    this.addSql(
      'create index "update_history_status_started_at_index" on "update_history" ("status", "started_at" DESC)',
    );
    this.addSql(
      'create index "update_history_tenant_id_started_at_index" on "update_history" ("tenant_id", "started_at" DESC)',
    );
    this.addSql(
      `alter table "update_history" add constraint "update_history_status_check" check ("status" in ('running', 'waiting', 'success', 'failed', 'rollback', 'cancelled', 'up_to_date', 'expired'))`,
    );
    this.addSql(
      `alter table "update_history" add constraint "update_history_triggered_by_check" check ("triggered_by" in ('auto', 'manual', 'schedule', 'webhook', 'batch'))`,
    );
    this.addSql(
      'alter table "update_history" add constraint "update_history_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id")',
    );
    this.addSql(
      'alter table "update_history" add constraint "update_history_container_id_foreign" foreign key ("container_id") references "containers" ("id") on delete cascade',
    );

    this.addSql(`
      create table "update_events" (
        "id" bigserial primary key,
        "tenant_id" uuid not null,
        "update_id" uuid not null,
        "seq" int not null,
        "step" varchar(32) not null,
        "state" varchar(32) not null,
        "cause" text not null,
        "detail" jsonb not null default '{}',
        "at" timestamptz(3) not null
      )
    `);
    this.addSql('create index "update_events_at_index" on "update_events" ("at")');
    this.addSql(
      'alter table "update_events" add constraint "update_events_update_id_seq_unique" unique ("update_id", "seq")',
    );
    this.addSql(
      'alter table "update_events" add constraint "update_events_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id")',
    );
    this.addSql(
      'alter table "update_events" add constraint "update_events_update_id_foreign" foreign key ("update_id") references "update_history" ("id") on delete cascade',
    );

    this.addSql(`
      create table "update_backups" (
        "id" uuid not null default gen_random_uuid(),
        "tenant_id" uuid not null,
        "update_id" uuid not null,
        "container_id" uuid not null,
        "inspect" bytea not null,
        "image_inspect" bytea not null,
        "image_id" varchar(71) not null,
        "digest" varchar(71) null,
        "image_reference" text not null,
        "keep_tag" text not null,
        "volumes" jsonb not null,
        "created_at" timestamptz(3) not null default now(),
        "released_at" timestamptz(3) null,
        primary key ("id")
      )
    `);
    this.addSql('alter table "update_backups" add constraint "update_backups_update_id_unique" unique ("update_id")');
    this.addSql(
      'create index "update_backups_container_id_created_at_index" on "update_backups" ("container_id", "created_at" DESC)',
    );
    this.addSql(
      'alter table "update_backups" add constraint "update_backups_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id")',
    );
    this.addSql(
      'alter table "update_backups" add constraint "update_backups_update_id_foreign" foreign key ("update_id") references "update_history" ("id") on delete cascade',
    );
    this.addSql(
      'alter table "update_backups" add constraint "update_backups_container_id_foreign" foreign key ("container_id") references "containers" ("id") on delete cascade',
    );

    this.addSql(`
      create table "outbox" (
        "id" uuid not null default gen_random_uuid(),
        "tenant_id" uuid not null,
        "update_id" uuid not null,
        "delivery_key" varchar(255) not null,
        "channel" text not null,
        "event" varchar(64) not null,
        "payload" bytea not null,
        "attempts" int not null default 0,
        "last_error" text null,
        "created_at" timestamptz(3) not null default now(),
        "delivered_at" timestamptz(3) null,
        primary key ("id")
      )
    `);
    this.addSql('create index "outbox_update_id_index" on "outbox" ("update_id")');
    this.addSql('alter table "outbox" add constraint "outbox_delivery_key_unique" unique ("delivery_key")');
    this.addSql('create index "outbox_pending_index" on "outbox" ("created_at") where "delivered_at" is null');
    this.addSql(`alter table "outbox" add constraint "outbox_channel_check" check ("channel" in ('webhook', 'email'))`);
    this.addSql(
      'alter table "outbox" add constraint "outbox_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id")',
    );
    this.addSql(
      'alter table "outbox" add constraint "outbox_update_id_foreign" foreign key ("update_id") references "update_history" ("id") on delete cascade',
    );

    this.addSql(`insert into "tenants" ("id", "name", "slug") values ('${DEFAULT_TENANT_ID}', 'Default', 'default')`);
    this.addSql(`
      insert into "hosts" ("id", "tenant_id", "name", "kind", "state", "state_reason")
      values ('local', '${DEFAULT_TENANT_ID}', 'local', 'docker', 'unreachable', 'not asked yet')
    `);
  }

  override down(): void {
    this.addSql('drop table if exists "outbox" cascade');
    this.addSql('drop table if exists "update_backups" cascade');
    this.addSql('drop table if exists "update_events" cascade');
    this.addSql('drop table if exists "update_history" cascade');
    this.addSql('drop table if exists "quarantined_digests" cascade');
    this.addSql('drop table if exists "containers" cascade');
    this.addSql('drop table if exists "hosts" cascade');
    this.addSql('drop table if exists "tenants" cascade');
  }
}
