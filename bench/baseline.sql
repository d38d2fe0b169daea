-- The least an intake can write: the case, where it stands, the line of its trail, the message it leaves.
BEGIN;
INSERT INTO casework_case (county_id, edition_id, kind, number, code_mark, title, stage, round, grade, category,
    request_class, source, tier, record, place_id, ground_path, "where", owner_id, asks_back, received_at, recorded_at,
    is_open, due_at, told_share, source_system, source_number, urged, returned, redone, extended, supervised,
    arbitrated, held, rating_told, version)
VALUES (:county, :edition, 'incident', 'B' || pg_current_xact_id()::text, '', '楼道堆物', 'reported', 1, 'general',
    '', '', 'hotline', 0, '{"version": 1}', :place, :path, '', :owner, false, now(), now(),
    true, now() + interval '1 hour', 0, '', '', 0, 0, 0, 0, false,
    false, false, false, 1)
RETURNING id AS case_id \gset
INSERT INTO casework_standing (case_id, round, stage, owner_id, ground_path, tier, since, current)
VALUES (:case_id, 1, 'reported', :owner, :path, 0, now(), true);
INSERT INTO trail_line (at, verb, actor_kind, actor_person, actor_post, actor_title, subject_type, subject_id, place,
    facts, digests, salt)
VALUES (now(), 'case.opened', 'person', :person, :post, '调度席', 'case', :case_id, :path,
    '{"round": 1, "kind": "incident"}', '[]', '\x00112233445566778899aabbccddeeff');
INSERT INTO outbox_message (topic, key, payload, due_at)
VALUES ('bench', 'bench:' || :case_id::text, '{"notices": [1]}', now() + interval '1 day');
COMMIT;
