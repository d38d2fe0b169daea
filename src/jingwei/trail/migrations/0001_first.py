"""The trail's tables, and the triggers that fill in what proves a line and refuse every change."""

from django.db import migrations, models

DIGESTS = """
CREATE SEQUENCE trail_line_id_seq OWNED BY trail_line.id;

-- A JSON array tells null from "null" and one column's end from the next one's beginning, so two different
-- lines never read the same. Times are microseconds since 1970, whatever the session's zone.
CREATE FUNCTION trail_digest(line trail_line) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT sha256(convert_to(jsonb_build_array(
        'jingwei trail line 1', line.id, line.tx,
        (extract(epoch FROM line.written_at) * 1000000)::bigint,
        (extract(epoch FROM line.at) * 1000000)::bigint,
        line.verb, line.actor_kind, line.actor_person, line.actor_post, line.actor_title,
        line.subject_type, line.subject_id, line.place, line.facts, line.digests,
        encode(line.salt, 'hex'))::text, 'UTF8'))
$$;

CREATE FUNCTION trail_head(seal trail_seal, ids bigint[], digests bytea[]) RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT sha256(convert_to('jingwei trail seal 1', 'UTF8') || seal.previous_head
        || int8send(seal.id) || int8send(seal.id_from) || int8send(seal.id_below) || int8send(seal.lines)
        || int8send((extract(epoch FROM seal.sealed_at) * 1000000)::bigint)
        || (SELECT string_agg(int8send(b.id) || b.digest, ''::bytea ORDER BY b.turn)
            FROM unnest(ids, digests) WITH ORDINALITY AS b(id, digest, turn)))
$$;
"""

FILLING = """
-- The transaction's number is drawn before the line's: the horizon (sealer.py) rests on that order.
-- As definer, so that the server's role can neither set the sequence nor choose what proves a line.
CREATE FUNCTION trail_fill_line() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    NEW.tx := pg_current_xact_id()::text::bigint;
    NEW.id := nextval('public.trail_line_id_seq');
    NEW.written_at := clock_timestamp();
    NEW.digest := public.trail_digest(NEW);
    RETURN NEW;
END $$;
CREATE TRIGGER trail_fill BEFORE INSERT ON trail_line FOR EACH ROW EXECUTE FUNCTION trail_fill_line();

CREATE FUNCTION trail_fill_seal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    batch constant int := 5000;
    last public.trail_seal;
    safe bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('jingwei trail seal', 0));
    SELECT * INTO last FROM public.trail_seal ORDER BY id DESC LIMIT 1;
    SELECT safe_below INTO STRICT safe FROM public.trail_horizon;
    NEW.id := coalesce(last.id, 0) + 1;
    NEW.id_from := coalesce(last.id_below, 1);
    NEW.previous_head := coalesce(last.head, decode(repeat('00', 32), 'hex'));
    SELECT count(*), array_agg(b.id ORDER BY b.id), array_agg(b.digest ORDER BY b.id)
        INTO NEW.lines, NEW.ids, NEW.digests
        FROM (SELECT id, digest FROM public.trail_line
              WHERE id >= NEW.id_from AND id < safe ORDER BY id LIMIT batch) b;
    IF NEW.lines = 0 THEN
        RETURN NULL;
    END IF;
    NEW.id_below := CASE WHEN NEW.lines < batch THEN safe ELSE NEW.ids[batch] + 1 END;
    NEW.head := public.trail_head(NEW, NEW.ids, NEW.digests);
    RETURN NEW;
END $$;
CREATE TRIGGER trail_fill BEFORE INSERT ON trail_seal FOR EACH ROW EXECUTE FUNCTION trail_fill_seal();
"""

REFUSING = """
CREATE FUNCTION trail_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The trail is only ever added to: % of % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege',
              HINT = 'What was written wrong is put right by a new line that says so.';
END $$;
""" + "".join(
    f"""
CREATE TRIGGER trail_refuse_change BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION trail_refuse();
CREATE TRIGGER trail_refuse_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION trail_refuse();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER trail_refuse_change;
ALTER TABLE {table} ENABLE ALWAYS TRIGGER trail_refuse_truncate;
"""
    for table in ("trail_line", "trail_seal")
)

PROMISES = """
ALTER TABLE trail_line
    ADD CONSTRAINT trail_ids_begin_at_one CHECK (id > 0),
    ADD CONSTRAINT trail_facts_are_an_object CHECK (jsonb_typeof(facts) = 'object'),
    ADD CONSTRAINT trail_digests_are_a_list CHECK (jsonb_typeof(digests) = 'array'),
    ADD CONSTRAINT trail_actor_is_one_of_three CHECK (
        actor_kind IN ('person', 'bearer', 'machine')
        AND (actor_kind = 'person') = (actor_person IS NOT NULL)
        AND (actor_kind = 'person' OR actor_post IS NULL));
ALTER TABLE trail_seal
    ADD COLUMN ids bigint[] NOT NULL,
    ADD COLUMN digests bytea[] NOT NULL,
    ADD CONSTRAINT trail_seal_holds_lines CHECK (lines > 0 AND id_below > id_from);
ALTER TABLE trail_horizon ADD CONSTRAINT trail_one_horizon CHECK (id = 1);
INSERT INTO trail_horizon (id, safe_below, next_below, next_tx) VALUES (1, 1, 1, 0);
"""

GONE = """
DROP FUNCTION IF EXISTS trail_fill_line() CASCADE;
DROP FUNCTION IF EXISTS trail_fill_seal() CASCADE;
DROP FUNCTION IF EXISTS trail_refuse() CASCADE;
DROP FUNCTION IF EXISTS trail_head(trail_seal, bigint[], bytea[]);
DROP FUNCTION IF EXISTS trail_digest(trail_line);
"""


class Migration(migrations.Migration):
    """Tables first, then what Django cannot say: sequence, digests, triggers, promises."""

    initial = True

    dependencies: list[tuple[str, str]] = []

    operations = [
        migrations.CreateModel(
            name="Line",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("written_at", models.DateTimeField()),
                ("tx", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("verb", models.TextField()),
                ("actor_kind", models.TextField()),
                ("actor_person", models.BigIntegerField(null=True)),
                ("actor_post", models.BigIntegerField(null=True)),
                ("actor_title", models.TextField()),
                ("subject_type", models.TextField()),
                ("subject_id", models.BigIntegerField()),
                ("place", models.TextField()),
                ("facts", models.JSONField()),
                ("digests", models.JSONField()),
                ("salt", models.BinaryField()),
                ("digest", models.BinaryField()),
            ],
            options={
                "indexes": [models.Index(fields=["subject_type", "subject_id", "id"], name="trail_of_subject")],
            },
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("sealed_at", models.DateTimeField()),
                ("id_from", models.BigIntegerField(unique=True)),
                ("id_below", models.BigIntegerField()),
                ("lines", models.IntegerField()),
                ("previous_head", models.BinaryField()),
                ("head", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="Horizon",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("safe_below", models.BigIntegerField()),
                ("next_below", models.BigIntegerField()),
                ("next_tx", models.BigIntegerField()),
            ],
        ),
        migrations.RunSQL(PROMISES, migrations.RunSQL.noop),
        migrations.RunSQL(DIGESTS, GONE),
        migrations.RunSQL(FILLING, migrations.RunSQL.noop),
        migrations.RunSQL(REFUSING, migrations.RunSQL.noop),
    ]
