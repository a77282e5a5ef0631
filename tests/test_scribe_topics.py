"""Topics of a note and a dialogue: how they are named, denied, answered, examined; sides; parts never spoken of."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp_coder import talk
from nlp_coder.errors import KnowledgeError
from nlp_coder.scribe.answers import told
from nlp_coder.scribe.compared import contradiction
from nlp_coder.scribe.dialogue import as_read, clauses
from nlp_coder.scribe.laterality import heard_sides, noted_sides, other_side
from nlp_coder.scribe.replies import reply
from nlp_coder.scribe.results import results


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("He denies any change in bladder or bowel control.", {("bladder", "", True), ("bowel", "", True)}),
        ("Bladder and bowel function are normal.", {("bladder", "", True), ("bowel", "", True)}),
        ("Bladder incontinence for two weeks.", {("bladder", "", False)}),
        ("No fever, chills or night sweats.", {("fever", "", True), ("night sweats", "", True)}),
        ("No slippage, fracture of L4.", {("slip", "", True), ("fracture", "", False)}),
        ("No slippage, fracture.", {("slip", "", True)}),
        ("Nothing has slipped.", {("slip", "", True)}),
        ("She fell twice but did not hit her head.", {("fall", "", False), ("head injury", "", True)}),
        ("The foot falls asleep.", {("numbness", "", False)}),
        ("Night pain is absent.", {("night pain", "", True)}),
        ("The back wakes him at night.", {("night pain", "", False)}),
        ("The pain does not go into the legs.", {("leg spread", "", True)}),
        ("It does not spread into the legs.", {("leg spread", "", True)}),
        ("Spurling test negative.", {("spurling", "", True)}),
        (
            "Straight leg raise positive on the left, negative on the right.",
            {("slr", "left", False), ("slr", "right", True)},
        ),
        ("Crossed straight leg raise negative.", {("crossed slr", "", True)}),
        ("SLR positive, strength is five out of five.", {("slr", "", False), ("weakness", "", True)}),
        ("Left foot dorsiflexion 4/5, right 5/5.", {("strength", "left", False), ("strength", "right", True)}),
        ("Numbness: none.", {("numbness", "", True)}),
        ("The leg pain of last month is gone.", {("leg spread", "", True)}),
        ("No ankle jerks.", {("ankle reflex", "", False)}),
        ("No new numbness.", set()),
        ("No sign of myelopathy.", {("myelopathy", "", True)}),
        ("Spasm of the left paraspinals.", {("spasm", "left", False)}),
        ("Pain on extension.", {("extension pain", "", False)}),
        (
            "Spurling test reproduces arm pain on the left and is negative on the right.",
            {("spurling", "left", False), ("spurling", "right", True), ("arm spread", "both", False)},
        ),
        ("It does not lock, though the knee buckled once.", {("weakness", "", False)}),
        ("Flu shot in the fall.", set()),
    ],
)
def test_what_a_sentence_says_of_its_topics(sentence: str, expected: set[tuple[str, str, bool]]) -> None:
    """Topic, side, denied or not: lists, verbs that deny, results before and behind, other things in the same words."""
    assert {(r.topic, r.side, r.denied) for r in results(sentence)} == expected


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("no", "no"),
        ("nope i was at home all day with the kids and the dog", "no"),
        ("Mm-mm. No.", "no"),
        ("uh no sir", "no"),
        ("I work in a kitchen, so, no.", "no"),
        ("yeah", "yes"),
        ("Right.", "yes"),
        ("Oh, that's fine. That's never been an issue.", "fine"),
        ("yeah yeah no problem there", "fine"),
        ("I sleep like a log", "fine"),
        ("yeah it's okay", "mixed"),
        ("ow ow ow", "pain"),
        ("not as bad", "open"),
        ("I could not say", "open"),
    ],
)
def test_what_a_reply_says(answer: str, kind: str) -> None:
    """A word at its beginning, or that all is well; what says neither is left open."""
    assert reply(answer) == kind


@pytest.mark.parametrize(
    ("dialogue", "expected"),
    [
        ("[doctor] and the bladder\n[patient] same old once a night", {("bladder", "", True)}),
        ("[doctor] peeing and pooping okay\n[patient] yeah", {("bladder", "", True), ("bowel", "", True)}),
        ("[doctor] any trouble peeing\n[patient] yeah", {("bladder", "", False)}),
        ("[doctor] ever had surgery on your back\n[patient] never", {("surgery", "", True)}),
        ("[doctor] we might do surgery\n[patient] okay", set()),
        ("[doctor] no numbness\n[patient] correct", {("numbness", "", True)}),
        ("[doctor] fever or night sweats\n[patient] yes", set()),
        ("[doctor] have you fallen\n[wife] no thank god", {("fall", "", True)}),
        ("[doctor] have you fallen\n[patient] huh\n[wife] no", {("fall", "", True)}),
        ("[doctor] does it wake you\n[patient] I sleep like a log", {("night pain", "", True)}),
        ("[doctor] what time does it wake you up\n[patient] four in the morning", {("night pain", "", False)}),
        ("[doctor] the incontinence is it any different\n[patient] same as always", {("bladder", "", False)}),
        ("[doctor] problem to pee\n[patient] is normal", {("bladder", "", True)}),
        ("[doctor] i'm lifting the left leg\n[patient] ow\n[doctor] and the right\n[patient] that's fine",
         {("slr", "left", False), ("slr", "right", True)}),
        ("[doctor] okay left straight leg raise is positive\n[patient] okay", {("slr", "left", False)}),
        ("[doctor] bones down the middle does that hurt? no? good. squeeze my hands",
         {("midline tenderness", "", True)}),
        ("[doctor] if the leg gets weak you come right back\n[patient] okay", set()),
        ("[doctor] Peeing okay? Any weakness?\n[patient] Fine, and yes.",
         {("bladder", "", True), ("weakness", "", False)}),
        ("[doctor] do you get any numbness\n[patient] the bottom of my foot when i walk", {("numbness", "", False)}),
        ("[doctor] so one fall since march anything else\n[patient] no just that", {("fall", "", False)}),
        ("[doctor] did you have it before surgery\n[patient] no", set()),
        ("[doctor] no midline tenderness here on the right\n[patient] yes ouch", {("midline tenderness", "", True)}),
        ("[patient] no cancer my aunt had it", {("cancer", "", True)}),
        ("[doctor] no numbness in your feet come back in a month\n[patient] okay",
         {("numbness", "", True), ("sensation", "", True)}),
        ("[doctor] that's a hoffmann\n[patient] oh", {("hoffmann", "", False)}),
        ("[patient] dizzy, not really", {("dizziness", "", True)}),
        ("[doctor] are you stiff in the mornings\n[patient] about ten minutes then it's fine",
         {("morning stiffness", "", False)}),
        ("[doctor] did the numbness go away\n[patient] yes", {("numbness", "", True)}),
        ("[patient] but weak", set()),
        ("[doctor] do the legs feel numb\n[patient] no they're the same as ever", {("numbness", "", True)}),
        ("[doctor] you couldn't push off before", set()),
        ("[patient] i used to get numb years ago", set()),
    ],
)  # fmt: skip
def test_what_a_dialogue_says_of_its_topics(dialogue: str, expected: set[tuple[str, str, bool]]) -> None:
    """A question with its answer, a statement, a manoeuvre with its response; nothing of plans and old times."""
    found = told(clauses(as_read(dialogue)))
    assert {(t.result.topic, t.result.side, t.result.denied) for t in found} == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Denies bowel/bladder incontinence.", {("bladder", "", True), ("bowel", "", True)}),
        ("Continent of bowel and bladder.", {("bladder", "", True), ("bowel", "", True)}),
        ("No B/B dysfunction.", {("bladder", "", True), ("bowel", "", True)}),
        ("She has fecal incontinence.", {("bowel", "", False)}),
        ("No perineal numbness.", {("saddle", "", True)}),
        ("Gait steady without assistive device.", {("gait", "", True), ("walking aid", "", True)}),
        ("Ambulates with a cane.", {("walking aid", "", False)}),
        ("Able to heel and toe walk without difficulty.", {("heel walk", "", True), ("toe walk", "", True)}),
        ("Difficulty with heel walk on the left.", {("heel walk", "left", False)}),
        ("Onset was insidious.", {("injury", "", True)}),
        ("No inciting event.", {("injury", "", True)}),
        ("Involved in an MVC.", {("injury", "", False)}),
        ("No fevers/chills/sweats.", {("fever", "", True), ("night sweats", "", True)}),
        ("Denies constitutional symptoms.",
         {("fever", "", True), ("night sweats", "", True), ("weight loss", "", True)}),
        ("Denies nocturnal pain.", {("night pain", "", True)}),
        ("Sleep is disrupted.", {("night pain", "", False)}),
        ("No radicular symptoms.", {("spread", "", True)}),
        ("The pain is non-radiating.", {("spread", "", True)}),
        ("N/T in the left hand.", {("numbness", "left", False), ("tingling", "left", False)}),
        ("Denies numbness/tingling.", {("numbness", "", True), ("tingling", "", True)}),
        ("MMT 5/5.", {("strength", "", True)}),
        ("DTRs 2+ and symmetric.", {("reflex", "", True)}),
        ("Contralateral SLR negative.", {("crossed slr", "", True)}),
        ("Facet loading positive on the left.", {("facet loading", "left", False)}),
        ("Kemp's test negative.", {("facet loading", "", True)}),
        ("FADIR negative.", {("fadir", "", True)}),
        ("Babinski downgoing bilaterally.", {("babinski", "both", True)}),
        ("Toes are downgoing.", {("babinski", "", True)}),
        ("Tender over the right lumbar paraspinals.", {("paraspinal tenderness", "right", False)}),
        ("Paraspinal muscles nontender.", {("paraspinal tenderness", "", True)}),
        ("Lumbar range of motion full.", {("back motion", "", True)}),
        ("Lumbar ROM limited by pain.", {("back motion", "", False)}),
        ("Cervical ROM full.", {("neck motion", "", True)}),
        ("Lumbar flexion limited.", {("flexion", "", False)}),
        ("Pain is worse with sitting and better with walking.",
         {("worse sitting", "", False), ("worse walking", "", True)}),
        ("Airbags did not deploy.", {("airbag", "", True)}),
        ("She was restrained.", {("seat belt", "", False)}),
        ("Wakes nightly from pain.", {("night pain", "", False)}),
        ("No prior injections.", {("injection", "", True)}),
        ("Denies IV drug use.", {("iv drugs", "", True)}),
        ("Denies long-term steroid use.", {("steroid use", "", True)}),
        ("Positive facet loading bilaterally.", {("facet loading", "both", False)}),
        ("Paraspinal tenderness on the left.", {("paraspinal tenderness", "left", False)}),
        ("No paraspinal tenderness.", {("paraspinal tenderness", "", True)}),
        ("Spinous processes nontender.", {("midline tenderness", "", True)}),
        ("Trip planned to Florida.", set()),
        ("He has strong pulses.", set()),
        ("Lumbar spine ROM is restricted in flexion.", {("back motion", "", False)}),
        ("Palpation reveals tenderness over the left paraspinal muscles.", {("paraspinal tenderness", "left", False)}),
        ("He denies nocturnal symptoms.", {("night pain", "", True)}),
        ("Pain improves with sitting.", {("worse sitting", "", True)}),
        ("Pain is worse with sitting.", {("worse sitting", "", False)}),
        ("Pain increases with coughing.", {("cough pain", "", False)}),
        ("Denies pain with coughing or sneezing.", {("cough pain", "", True)}),
        ("Uses a walker.", {("walking aid", "", False)}),
        ("Denies hand clumsiness or dexterity problems.", {("clumsiness", "", True)}),
        ("Sleep is undisturbed.", {("night pain", "", True)}),
        ("Awakens two to three times nightly due to pain.", {("night pain", "", False)}),
        ("Pain is constant and present at rest.", {("rest pain", "", False)}),
        ("No history of similar symptoms.", {("prior trouble", "", True)}),
        ("Pain is not affected by cough.", {("cough pain", "", True)}),
        ("Denies visual changes.", {("vision", "", True)}),
        ("Lumbar flexion is full, extension limited by pain.", {("extension", "", False), ("flexion", "", True)}),
        ("Reports difficulty with buttons.", {("clumsiness", "", False)}),
        ("He does not use any assistive device.", {("walking aid", "", True)}),
        ("Has not had physical therapy.", {("physical therapy", "", True)}),
        ("No previous imaging.", {("imaging before", "", True)}),
        ("Airbags deployed.", {("airbag", "", False)}),
        ("Able to walk on heels and toes.", {("heel walk", "", True), ("toe walk", "", True)}),
        ("Unable to heel walk on the right.", {("heel walk", "right", False)}),
        ("Symptoms are worse with sitting and relieved by standing.",
         {("worse sitting", "", False), ("worse standing", "", True)}),
        ("Pain is relieved by lying down.", {("worse lying", "", True)}),
        ("She fell but broke nothing.", {("fall", "", False), ("fracture", "", True)}),
    ],
)  # fmt: skip
def test_how_scribes_write_a_topic(sentence: str, expected: set[tuple[str, str, bool]]) -> None:
    """Signs and symptoms in the words of notes: full, short, joined by a stroke; other senses name nothing."""
    assert {(r.topic, r.side, r.denied) for r in results(sentence)} == expected


@pytest.mark.parametrize(
    ("dialogue", "expected"),
    [
        ("[doctor] any trouble holding your water\n[patient] no", {("bladder", "", True)}),
        ("[doctor] any problems with the bladder\n[patient] i've been dribbling", {("bladder", "", False)}),
        ("[patient] i couldn't make it to the bathroom", {("bladder", "", False), ("bowel", "", False)}),
        ("[patient] i always make it to the toilet", {("bladder", "", True), ("bowel", "", True)}),
        ("[patient] i can't hold my water anymore", {("bladder", "", False)}),
        ("[patient] i have to strain to pee", {("bladder", "", False)}),
        ("[doctor] can you feel when you need to go\n[patient] oh yeah", {("bladder", "", True)}),
        ("[doctor] any leakage when you cough\n[patient] nope", {("bladder", "", True)}),
        ("[doctor] waterworks all right\n[patient] right as rain", {("bladder", "", True)}),
        ("[doctor] are you having any accidents with your bladder\n[patient] not that i've noticed",
         {("bladder", "", True)}),
        ("[patient] i can't go up the stairs", set()),
        ("[patient] i messed my pants", {("bowel", "", False)}),
        ("[doctor] any numbness down there\n[patient] nope", {("saddle", "", True)}),
        ("[patient] i can't feel it when i wipe", {("saddle", "", False)}),
        ("[patient] my leg goes numb when i sit", {("numbness", "", False)}),
        ("[patient] i walk fine", {("gait", "", True)}),
        ("[patient] i've been walking funny", {("gait", "", False)}),
        ("[patient] she's been shuffling", {("gait", "", False)}),
        ("[patient] i don't use a cane", {("walking aid", "", True)}),
        ("[patient] my balance is off", {("balance", "", False)}),
        ("[patient] i keep losing my balance", {("balance", "", False)}),
        ("[patient] i landed on my tailbone", {("fall", "", False)}),
        ("[patient] it came out of the blue", {("injury", "", True)}),
        ("[patient] i was rear ended on monday", {("injury", "", False)}),
        ("[patient] we got t-boned", {("injury", "", False)}),
        ("[patient] they put rods in my back", {("surgery", "", False)}),
        ("[patient] i've never been under the knife", {("surgery", "", True)}),
        ("[patient] i don't want surgery", set()),
        ("[doctor] is this the first time it's happened\n[patient] yes", {("prior trouble", "", True)}),
        ("[patient] the chiropractor cracked my back", set()),
        ("[patient] i had chemo for lymphoma", {("cancer", "", False)}),
        ("[patient] i wake up drenched in sweat", {("night sweats", "", False)}),
        ("[patient] my jeans are loose", {("weight loss", "", False)}),
        ("[patient] i've put on weight", {("weight loss", "", True)}),
        ("[patient] i toss and turn all night", {("night pain", "", False)}),
        ("[patient] i wake up stiff in the morning", {("morning stiffness", "", False)}),
        ("[patient] it's just in my back", {("spread", "", True)}),
        ("[patient] my legs are fine", {("leg spread", "", True)}),
        ("[patient] my foot's asleep", {("numbness", "", False)}),
        ("[patient] it feels like novocaine", {("numbness", "", False)}),
        ("[patient] i've lost feeling in my toes", {("numbness", "", False)}),
        ("[doctor] i'm going to numb the skin\n[patient] okay", set()),
        ("[patient] i keep dropping my coffee cup", {("weakness", "", False)}),
        ("[patient] i can't open jars", {("clumsiness", "", False)}),
        ("[patient] my legs turn to jelly", {("weakness", "", False)}),
        ("[patient] i took some strong pain pills", set()),
        ("[patient] i catch my toe on the rug", {("weakness", "", False)}),
        ("[patient] can't turn my head", {("neck motion", "", False)}),
        ("[patient] coughing makes it worse", {("cough pain", "", False)}),
        ("[doctor] does it hurt when you cough or sneeze\n[patient] no", {("cough pain", "", True)}),
        ("[patient] it hurts when i sit", {("worse sitting", "", False)}),
        ("[doctor] any numbness in the legs\n[patient] naw", {("numbness", "", True)}),
        ("[doctor] any numbness in the legs\n[patient] nada", {("numbness", "", True)}),
        ("[doctor] any numbness in the legs\n[patient] zero", {("numbness", "", True)}),
        ("[doctor] any numbness in the legs\n[patient] i do not", {("numbness", "", True)}),
        ("[doctor] any numbness in the legs\n[patient] you bet", {("numbness", "", False)}),
        ("[doctor] any numbness in the legs\n[patient] a tad", {("numbness", "", False)}),
        ("[doctor] any numbness in the legs\n[patient] here and there", {("numbness", "", False)}),
        ("[doctor] any numbness in the legs\n[patient] it comes and goes", {("numbness", "", False)}),
        ("[doctor] any numbness in the legs\n[patient] off and on", {("numbness", "", False)}),
        ("[doctor] any numbness in the legs\n[patient] from time to time", {("numbness", "", False)}),
        ("[doctor] any numbness in the legs\n[patient] all the time", {("numbness", "", False)}),
        ("[doctor] any numbness in the legs\n[patient] quite a bit", {("numbness", "", False)}),
        ("[doctor] any numbness in the legs\n[patient] sort of", {("numbness", "", False)}),
        ("[doctor] any numbness in the legs\n[patient] i'm afraid so", {("numbness", "", False)}),
        ("[doctor] any numbness in the legs\n[patient] tell me about it", {("numbness", "", False)}),
        ("[doctor] any numbness in the legs\n[patient] aye", {("numbness", "", False)}),
        ("[doctor] any numbness in the legs\n[patient] most days", {("numbness", "", False)}),
        ("[doctor] any numbness in the legs\n[patient] i sure do", {("numbness", "", False)}),
        ("[doctor] how's the bladder\n[patient] right as rain", {("bladder", "", True)}),
        ("[doctor] how's the bladder\n[patient] same as before", {("bladder", "", True)}),
        ("[doctor] how's the bladder\n[patient] works like a charm", {("bladder", "", True)}),
        ("[doctor] straight leg raise on the right\n[patient] that smarts", {("slr", "right", False)}),
        ("[doctor] straight leg raise on the right\n[patient] ugh", {("slr", "right", False)}),
        ("[doctor] straight leg raise on the right\n[patient] yikes", {("slr", "right", False)}),
        ("[doctor] straight leg raise on the right\n[patient] it hurts", {("slr", "right", False)}),
        ("[doctor] straight leg raise on the right\n[patient] bingo", {("slr", "right", False)}),
        ("[doctor] straight leg raise on the right\n[patient] that's tender", {("slr", "right", False)}),
        ("[doctor] are you dropping things\n[patient] all the time", {("weakness", "", False)}),
        ("[doctor] any trouble buttoning your shirt\n[patient] no", {("clumsiness", "", True)}),
        ("[doctor] any unexplained weight loss\n[patient] if anything i gained", {("weight loss", "", True)}),
        ("[doctor] any night sweats\n[patient] drenched every night", {("night sweats", "", False)}),
        ("[doctor] any steroid injections in the past\n[patient] nope", {("injection", "", True)}),
        ("[doctor] have you ever had an epidural\n[patient] never", {("injection", "", True)}),
        ("[doctor] have you tried physical therapy\n[patient] i have not", {("physical therapy", "", True)}),
        ("[doctor] do you use a cane or walker\n[patient] no", {("walking aid", "", True)}),
        ("[doctor] do you ever use iv drugs\n[patient] never", {("iv drugs", "", True)}),
        ("[doctor] are you on blood thinners\n[patient] no", {("blood thinner", "", True)}),
        ("[doctor] is the pain worse with sitting\n[patient] yeah", {("worse sitting", "", False)}),
        ("[doctor] worse with coughing or sneezing\n[patient] oh yeah", {("cough pain", "", False)}),
        ("[doctor] did anything bring this on\n[patient] no it came out of nowhere", {("injury", "", True)}),
        ("[doctor] did you do anything to it\n[patient] no", {("injury", "", True)}),
        ("[doctor] did the airbags go off\n[patient] they did", {("airbag", "", False)}),
        ("[doctor] were you wearing your seatbelt\n[patient] yes", {("seat belt", "", False)}),
        ("[doctor] facet loading is positive on the right", {("facet loading", "right", False)}),
        ("[doctor] you're tender over the paraspinals", {("paraspinal tenderness", "", False)}),
        ("[doctor] you've got good range of motion in your neck", {("neck motion", "", True)}),
        ("[doctor] toes go down on both sides", {("babinski", "both", True)}),
        ("[patient] i lost weight on purpose", set()),
        ("[doctor] i'm going to numb it up first\n[patient] okay", set()),
        ("[patient] i get up at night to pee", set()),
        ("[patient] i broke my phone", set()),
        ("[patient] we took a trip", set()),
        ("[patient] the pain pills make me constipated", {("constipation", "", False)}),
        ("[patient] my wife had cancer", set()),
        ("[patient] i'm scared of surgery", set()),
        ("[patient] i can't feel any difference", set()),
        ("[patient] my back gave out on me", set()),
        ("[patient] my knees crack", set()),
        ("[doctor] are you able to control your bladder and bowels\n[patient] yes",
         {("bladder", "", True), ("bowel", "", True)}),
        ("[doctor] any pain down the legs\n[patient] just the left one", {("leg spread", "", False)}),
        ("[doctor] is it just the back or does it go into the leg\n[patient] just the back", {("spread", "", True)}),
        ("[doctor] does lying down help\n[patient] yes", {("worse lying", "", True)}),
        ("[doctor] does it hurt to cough\n[patient] no", {("cough pain", "", True)}),
        ("[doctor] have you been tripping\n[patient] my toe catches on the rug",
         {("weakness", "", False), ("trip", "", False)}),
        ("[doctor] your back motion is full\n[patient] good", {("back motion", "", True)}),
        ("[doctor] heel walking is fine, toe walking is fine\n[patient] great",
         {("heel walk", "", True), ("toe walk", "", True)}),
        ("[patient] it's like walking on cotton", {("numbness", "", False)}),
        ("[patient] it doesn't go anywhere it stays right there", {("spread", "", True)}),
        ("[patient] the pain goes clear down to my ankle", {("below knee", "", False)}),
        ("[patient] i get this electric shock down my spine when i look down", {("lhermitte", "", False)}),
        ("[patient] i have trouble buttoning my shirt", {("clumsiness", "", False)}),
        ("[patient] i use a walker now", {("walking aid", "", False)}),
        ("[patient] i ended up in the er", {("er visit", "", False)}),
        ("[patient] i've had two shots in my back", {("injection", "", False)}),
        ("[patient] i been to the chiropractor", {("chiropractor", "", False)}),
        ("[patient] it feels like it belongs to someone else", {("numbness", "", False)}),
        ("[doctor] any trouble with buttons or keys\n[patient] no", {("clumsiness", "", True)}),
        ("[patient] i fell two weeks ago", {("fall", "", False)}),
        ("[patient] i leak when i laugh", {("bladder", "", False)}),
        ("[patient] i dribble a lot", {("bladder", "", False)}),
        ("[doctor] are you walking okay\n[patient] yeah", {("gait", "", True)}),
        ("[doctor] how are you getting around\n[patient] with a cane", {("walking aid", "", False)}),
        ("[doctor] does the leg buckle\n[patient] it did twice", {("weakness", "", False)}),
        ("[patient] i'm dragging my left foot", {("weakness", "left", False)}),
        ("[doctor] what happened\n[patient] nothing i just woke up with it", {("injury", "", True)}),
        ("[doctor] how's your appetite\n[patient] good", {("appetite", "", True)}),
        ("[doctor] any pain here in the middle over the bones\n[patient] no", {("midline tenderness", "", True)}),
        ("[doctor] have you ever hurt your neck before\n[patient] this is my first", {("prior trouble", "", True)}),
        ("[doctor] feeling's the same on both sides\n[patient] okay", {("sensation", "both", True)}),
        ("[doctor] nothing on the spine itself\n[patient] okay", {("midline tenderness", "", True)}),
        ("[patient] walking actually helps", {("worse walking", "", True)}),
    ],
)  # fmt: skip
def test_how_people_speak_of_a_topic(dialogue: str, expected: set[tuple[str, str, bool]]) -> None:
    """Questions of clinicians, answers and statements of patients, findings said aloud; other senses name nothing."""
    found = told(clauses(as_read(dialogue)))
    assert {(t.result.topic, t.result.side, t.result.denied) for t in found} == expected


@pytest.mark.parametrize(
    ("sentence", "dialogue", "contradicted"),
    [
        ("Denies fever.", "[doctor] fever\n[patient] yes", True),
        ("Denies fever.", "[doctor] fever\n[patient] no", False),
        ("Fever.", "[doctor] cough\n[patient] no", False),
        ("It spreads into the legs.", "[doctor] does it go anywhere\n[patient] no it stays put", True),
        ("Numbness in the hands.", "[doctor] any numbness in the feet\n[patient] no", False),
        ("SLR positive on the right.", "[doctor] straight leg raise is positive on the left", True),
        ("SLR positive on the right.", "[doctor] straight leg raise is positive on both sides", False),
        ("Reports weakness.", "[doctor] do you feel weak\n[patient] no\n[doctor] your grip is weak", False),
    ],
)
def test_what_contradicts_a_sentence(sentence: str, dialogue: str, contradicted: bool) -> None:
    """Only what is heard the other way and nowhere the same; of the same limb and side."""
    heard = told(clauses(as_read(dialogue)))
    assert any(contradiction(r, heard) for r in results(sentence)) is contradicted


@pytest.mark.parametrize(
    ("sentence", "dialogue", "expected"),
    [
        ("Neck pain on the left side.", "[doctor] which side\n[patient] Right. all up the right of my neck", "right"),
        ("Neck pain on the right side.", "[doctor] which side\n[patient] Right. all up the right of my neck", None),
        ("Pain down the right leg.", "[patient] this one the left one\n[doctor] and the right\n[patient] fine", "left"),
        ("Pain in the left thigh.", "[patient] right thigh, left's been a good soldier", "right"),
        ("Right-sided, never central.", "[doctor] middle or one side\n[patient] smack in the middle", "the middle"),
        ("Symptoms on the right side only.", "[patient] my legs ache, both of them the same", "both sides"),
        ("Neck pain worse on the right.", "[patient] neck both sides but the left is worse", "left"),
        ("Pain down the right arm.", "[patient] down my left leg", None),
        ("The right leg is fine.", "[patient] down my left leg", None),
        ("Pain right at the tip.", "[patient] it hurts on the left", None),
        ("Left arm: none.", "[patient] my right arm", None),
        ("Right side of the back.", "[doctor] did i say that right\n[patient] it's the left side of the back", "left"),
        ("Pain behind the left eye and the left neck.", "[patient] the right neck", "right"),
        (
            "Pain down the left leg.",
            "[doctor] so it goes down your right leg\n[patient] left leg\n[doctor] sorry",
            None,
        ),
        ("Pain down the right leg.", "[doctor] so down your right leg\n[patient] left leg\n[doctor] left okay", "left"),
        ("Pain down the left leg.", "[patient] it runs right down the leg", None),
    ],
)
def test_a_side_never_heard(sentence: str, dialogue: str, expected: str | None) -> None:
    """Agreement is no side; a sound side, another limb, and what both texts leave open raise nothing."""
    heard = heard_sides(clauses(as_read(dialogue)))
    wrong = [found for s in noted_sides(sentence) if (found := other_side(s, sentence, exam=False, heard=heard))]
    assert [text.rpartition("conversation ")[2].rstrip(".") for text, _ in wrong] == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("file", "text", "fault"),
    [
        ("topics.csv", "topic,kind\n", "topics.csv, line 1: the first line must be: topic,kind,words,hides,note"),
        ("topics.csv", "topic,kind,words,hides,note\nfall,bad,fell,,\n", "line 2: 'bad' is no kind. Use: trouble"),
        ("topics.csv", "topic,kind,words,hides,note\nfall,trouble,f[e]ll,,\n", "line 2: 'f[e]ll' cannot be read."),
        ("topics.csv", "topic,kind,words,hides,note\nfall,trouble,fell ..,,\n", "line 2: begin and end with a word."),
        ("topics.csv", "topic,kind,words,hides,note\nfall,trouble,fell,trip,\n", "hides 'trip', which is no topic"),
        (
            "topics.csv",
            "topic,kind,words,hides,note\nfall,trouble,,,\n",
            "line 2: fill topic, kind, words; a line",
        ),
        (
            "topics.csv",
            "topic,kind,words,hides,note\nfall,trouble,fell,,\nfall,trouble,fall,,\n",
            "line 3: is not in order, or twice.",
        ),
        ("spoken.csv", "kind,words,note\nmaybe,perhaps,\n", "spoken.csv: has no words of the kind 'denies'."),
    ],
)
def test_faults_of_the_word_lists(tmp_path: Path, file: str, text: str, fault: str) -> None:
    """File, line, and what to write instead."""
    (tmp_path / file).write_text(text, encoding="utf-8")
    load = talk.load_topics if file == "topics.csv" else talk.load_spoken
    with pytest.raises(KnowledgeError) as error:
        load(tmp_path)
    assert any(fault in one for one in error.value.faults), error.value.faults


def test_a_file_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    """Said once, with what to do."""
    with pytest.raises(KnowledgeError) as error:
        talk.load_topics(tmp_path)
    assert [one.partition(":")[0] for one in error.value.faults] == ["topics.csv"]
