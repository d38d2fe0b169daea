-- The least a step can write: the case moves on, stands elsewhere, leaves the line of its trail and a message.
\set case_id :first + :client_id * :each + :turn
\set turn :turn + 1
BEGIN;
UPDATE casework_case SET stage = 'assigned', owner_id = :lead, lead_id = :lead, version = version + 1,
    due_at = now() + interval '1 day' WHERE id = :case_id;
WITH closed AS (
    UPDATE casework_standing SET until = now(), current = false WHERE case_id = :case_id AND current RETURNING 1
)
INSERT INTO casework_standing (case_id, round, stage, owner_id, ground_path, tier, since, current)
SELECT :case_id::bigint, 1, 'assigned', :lead::bigint, :path, 0, now(), true WHERE (SELECT count(*) FROM closed) >= 0;
INSERT INTO trail_line (at, verb, actor_kind, actor_person, actor_post, actor_title, subject_type, subject_id, place,
    facts, digests, salt)
VALUES (now(), 'incident.assign', 'person', :person, :post, '调度席', 'case', :case_id, :path,
    '{"round": 1, "from": "reported", "to": "assigned"}', '[]', '\x00112233445566778899aabbccddeeff');
INSERT INTO outbox_message (topic, key, payload, due_at)
VALUES ('bench', 'bench step ' || :case_id::text, '{"notices": [1]}', now() + interval '1 day');
COMMIT;
